/**
 * What the session's code needs of the transport's package at run time, in one place: in a bundle each further file
 * that takes values from it copies all of its several hundred names when the server starts.
 */
import { DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, ErrorCodes, LSPErrorCodes, ResponseError } from "vscode-languageserver/node";

/** The errors that a request may be answered with, each in the protocol's own code. */
export const protocolErrors = {
  cancelled: () => new ResponseError<never>(LSPErrorCodes.RequestCancelled, "Request cancelled"),
  contentModified: () => new ResponseError<never>(LSPErrorCodes.ContentModified, "Content modified"),
  notInitialized: () => new ResponseError<never>(ErrorCodes.ServerNotInitialized, "The server has not been initialized"),
  shutDown: () => new ResponseError<never>(ErrorCodes.InvalidRequest, "The server has been shut down"),
} as const;

export function isProtocolError(error: unknown): boolean {
  return error instanceof ResponseError;
}

/** What the server registers with a client that lets it. */
export const registrations = { configuration: DidChangeConfigurationNotification.type, watchedFiles: DidChangeWatchedFilesNotification.type } as const;
