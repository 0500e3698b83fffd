// A slow network between a browser and the site: what a browser's own
// throttling leaves out, such as the handshake, is slow as well.
import { connect, createServer } from "node:net";

/** Forwards to a port of this machine with so many bytes per second and so much delay for the way there and back. */
export async function slowProxy(port, bytesPerSecond, roundTripMs) {
  const sockets = new Set();
  let free = 0; // when the link has sent what it was given
  const pass = (from, to, limited) => {
    from.on("data", (data) => {
      const now = performance.now();
      let at = now + roundTripMs / 2;
      if (limited) {
        free = Math.max(free, now) + (data.length / bytesPerSecond) * 1000;
        at = free + roundTripMs / 2;
      }
      setTimeout(() => to.destroyed || to.write(data), at - now);
    });
    from.on("close", () => setTimeout(() => to.destroy(), roundTripMs * 2));
    from.on("error", () => to.destroy());
  };
  const server = createServer((browser) => {
    // The handshake takes a round trip of its own.
    setTimeout(() => {
      const site = connect(port, "127.0.0.1");
      sockets.add(browser).add(site);
      pass(browser, site, false);
      pass(site, browser, true);
    }, roundTripMs);
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    port: server.address().port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
