// The service worker of a site that offers none any more: it forgets what was
// kept on the phone and goes, so that every page comes from the network again.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(leave()));

async function leave() {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
}
