// @y/websocket-server on a free port, keeping nothing on disk.
import http from "node:http";
import ws from "ws";
import { setupWSConnection } from "@y/websocket-server/utils";

const server = http.createServer();
new ws.Server({ server }).on("connection", setupWSConnection);
server.listen(0, "127.0.0.1", () => console.log(`y-websocket listens on http://127.0.0.1:${server.address().port}`));
