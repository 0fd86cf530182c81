import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Fault } from "./faults.ts";
import type { LocalAnswer } from "./localAnswer.ts";

export interface Wire {
  readonly response: ServerResponse;
  /** The TCP connection under the TLS. */
  readonly socket: Socket;
  /** Fires when the local Azure stops: nothing may wait any longer. */
  readonly stopped: AbortSignal;
}

/** Sends an answer, disturbed as the fault says. Returns the status sent, undefined where none was. */
export async function sendAnswer(wire: Wire, answer: LocalAnswer, fault: Fault | undefined): Promise<number | undefined> {
  if (fault === undefined) {
    sendWhole(wire, answer);
    return answer.status;
  }
  await pause(fault.delayMs ?? 0, wire.stopped);
  if (fault.reset === true) {
    wire.socket.resetAndDestroy();
    return undefined;
  }
  if (fault.stallHeaders === true || wire.response.destroyed) {
    return undefined;
  }
  const changed = applyTo(answer, fault);
  await sendDisturbed(wire, changed, fault);
  return changed.status;
}

function applyTo(answer: LocalAnswer, fault: Fault): LocalAnswer {
  const replaced = fault.status !== undefined || fault.body !== undefined || fault.rawBody !== undefined;
  const json = { "content-type": "application/json; charset=utf-8" };
  const base: LocalAnswer = replaced ? { status: fault.status ?? 200, headers: json, body: fault.rawBody ?? (fault.body === undefined ? "" : JSON.stringify(fault.body)) } : answer;
  return { ...base, headers: { ...base.headers, ...fault.headers } };
}

function sendWhole({ response }: Wire, answer: LocalAnswer): void {
  const body = Buffer.from(answer.body);
  writeHead(response, answer, body.length);
  response.end(body);
}

function writeHead(response: ServerResponse, answer: LocalAnswer, contentLength: number): void {
  response.writeHead(answer.status, { ...answer.headers, ...(answer.status === 204 ? {} : { "content-length": String(contentLength) }) });
}

async function sendDisturbed(wire: Wire, answer: LocalAnswer, fault: Fault): Promise<void> {
  const { response, socket, stopped } = wire;
  const body = Buffer.from(answer.body);
  const half = Math.ceil(body.length / 2);
  if (fault.truncateBody !== undefined) {
    sendWhole(wire, { ...answer, body: body.subarray(0, fault.truncateBody === true ? half : fault.truncateBody).toString("utf8") });
    return;
  }
  if (fault.stallBody === true) {
    writeHead(response, answer, body.length);
    response.write(body.subarray(0, Math.min(half, body.length - 1)));
    return;
  }
  if (fault.dropBodyAfter !== undefined) {
    writeHead(response, answer, body.length);
    const part = body.subarray(0, Math.min(fault.dropBodyAfter, body.length - 1));
    response.write(part, () => {
      socket.destroySoon();
    });
    return;
  }
  if (fault.slowBytesPerSecond === undefined) {
    sendWhole(wire, answer);
    return;
  }
  writeHead(response, answer, body.length);
  const tickMs = 50;
  const step = Math.max(1, Math.floor((fault.slowBytesPerSecond * tickMs) / 1000));
  for (let sent = 0; sent < body.length && !response.destroyed && !stopped.aborted; sent += step) {
    response.write(body.subarray(sent, sent + step));
    await pause(tickMs, stopped);
  }
  response.end();
}

function pause(delayMs: number, stopped: AbortSignal): Promise<void> {
  if (delayMs <= 0 || stopped.aborted) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stopped.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    stopped.addEventListener("abort", done);
  });
}
