/** Keyline's version; test/cli holds it equal to package.json. A constant, so that no file is read to start. */
export const version = "0.1.0";
