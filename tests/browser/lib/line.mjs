// A tablet's own line to the server, which can be cut: the browser's switch for being offline leaves open sockets open.

import net from "node:net";

export class Line {
  #server;
  #ends = new Set();
  #cut = false;
  #to;
  base;

  /** A line to the server of these links. */
  static async to(links) {
    const line = new Line();
    line.#to = Number(new URL(links.base).port);
    line.#server = net.createServer((near) => line.#join(near));
    await new Promise((resolve) => line.#server.listen(0, "127.0.0.1", resolve));
    line.base = `http://127.0.0.1:${line.#server.address().port}`;
    return line;
  }

  #join(near) {
    if (this.#cut) return near.destroy();
    const far = net.connect(this.#to, "127.0.0.1");
    for (const [one, other] of [[near, far], [far, near]]) {
      this.#ends.add(one);
      one.on("error", () => other.destroy()).on("close", () => (this.#ends.delete(one), other.destroy()));
      one.pipe(other);
    }
  }

  /** The same page by way of this line. */
  url(url) {
    const { pathname, search, hash } = new URL(url);
    return this.base + pathname + search + hash;
  }

  cut() {
    this.#cut = true;
    for (const end of this.#ends) end.destroy();
  }

  mend() {
    this.#cut = false;
  }

  close() {
    this.cut();
    this.#server.close();
  }
}
