// A slow network between a browser and the site: what a browser's own
// throttling leaves out, such as the handshake, is slow as well.
import { connect, createServer } from "node:net";

// What one packet carries. A page comes in packet by packet, as on a real link:
// not all at once when its last byte would be through.
const packetBytes = 1460;

/** Forwards to a port of this machine with so many bytes per second and so much delay for the way there and back. */
export async function slowProxy(port, bytesPerSecond, roundTripMs) {
  const sockets = new Set();
  let free = 0; // when the link has sent what it was given
  const pass = (from, to, limited) => {
    from.on("data", (data) => {
      const now = performance.now();
      for (let i = 0; i < data.length; i += packetBytes) {
        const packet = data.subarray(i, i + packetBytes);
        let at = now + roundTripMs / 2;
        if (limited) {
          free = Math.max(free, now) + (packet.length / bytesPerSecond) * 1000;
          at = free + roundTripMs / 2;
        }
        setTimeout(() => to.destroyed || to.write(packet), at - now);
      }
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
