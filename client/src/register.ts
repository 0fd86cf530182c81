/**
 * Registers one command of the manifest. `argument` is what VS Code's menus pass, or what another extension made up:
 * nothing in it counts as consent, and nothing is answered.
 */
export type Register = (id: string, action: (argument: unknown) => Promise<void> | void) => void;
