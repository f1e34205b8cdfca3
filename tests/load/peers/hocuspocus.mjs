// @hocuspocus/server on a free port, with no extension, keeping nothing on disk.
import { Server } from "@hocuspocus/server";

const server = new Server({ address: "127.0.0.1", port: 0, quiet: true });
await server.listen();
console.log(`hocuspocus listens on http://127.0.0.1:${server.address.port}`);
