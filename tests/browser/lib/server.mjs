// A real server, started as a newcomer would start it, that can be killed as a power cut would kill it.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { until } from "./wait.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const binary = path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, "target"), "debug", "verksted");

export class Server {
  #process;
  #data;
  links;
  /** Milliseconds from the start of the process to its links. */
  startedIn;

  /** Starts a demonstration; `args` are those of `verksted demo`. */
  static async start(...args) {
    const server = new Server();
    server.#data = await mkdtemp(path.join(tmpdir(), "verksted-browser-"));
    await server.#run("127.0.0.1:0", args);
    return server;
  }

  async #run(listen, args) {
    const file = path.join(this.#data, "links.json");
    await rm(file, { force: true });
    const begun = performance.now();
    this.#process = spawn(binary, ["demo", "--listen", listen, "--data", this.#data, "--links", file, ...args], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, RUST_LOG: "warn" },
    });
    let said = "";
    this.#process.stderr.on("data", (chunk) => (said += chunk));
    this.links = await until("the server's links", 20_000, async () => {
      if (this.#process.exitCode !== null) throw new Error(`the server ended: ${said}`);
      const text = await readFile(file, "utf8").catch(() => "");
      return text.trim().endsWith("}") && JSON.parse(text);
    });
    await until("the server's health", 20_000, async () => {
      const response = await fetch(`${this.links.base}/healthz`).catch(() => undefined);
      return response?.ok;
    });
    this.startedIn = performance.now() - begun;
  }

  /** The url of a seat of `group` that nobody sits in, the `nth` in the order of the roster. */
  seat(group, nth = 0) {
    const chair = this.links.chair;
    return this.links.seats.filter((seat) => seat.group === group && seat.url !== chair)[nth].url;
  }

  /** As a power cut: no chance to write anything down. */
  async kill() {
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await gone;
  }

  /** On the same address and the same data. */
  async restart(...args) {
    const { host } = new URL(this.links.base);
    await this.#run(host, args);
  }

  /** In good order; the milliseconds it took. */
  async stop() {
    const begun = performance.now();
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const gone = new Promise((resolve) => this.#process.once("exit", resolve));
      this.#process.kill("SIGINT");
      await gone;
    }
    const took = performance.now() - begun;
    await rm(this.#data, { recursive: true, force: true });
    return took;
  }
}
