import { readdirSync, readFileSync } from "node:fs";

/** Where the processor time of another process is read from; says itself in the report. */
export const processorTimeSource = process.platform === "linux" ? "/proc/PID/task/*/schedstat" : "none on this system";

/** Processor milliseconds of a process until now, all its threads together; undefined where the system does not tell. */
export function processorMs(pid: number): number | undefined {
  try {
    const threads = readdirSync(`/proc/${String(pid)}/task`);
    const nanoseconds = threads.map((thread) => Number(readFileSync(`/proc/${String(pid)}/task/${thread}/schedstat`, "utf8").split(" ")[0]));
    return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
  } catch {
    return undefined;
  }
}

/** Memory of a process that is in RAM, in MiB; undefined where the system does not tell. */
export function residentMib(pid: number): number | undefined {
  try {
    const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8"))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
  } catch {
    return undefined;
  }
}
