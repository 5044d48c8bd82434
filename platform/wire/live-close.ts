/** Why the server ends a live connection: codes of the WebSocket's close, the last three digits as in HTTP. */
export const closeCodes = {
  /** The login is over (logout, expiry, user disabled): coming again with the same one is of no use. */
  sessionEnded: 4401,
  /** The client did not take what it had asked for. */
  tooSlow: 4408,
  /** The token has expired, or the user has another role now: come again, with a token that is good. */
  comeAgain: 4419,
  /** Too many messages from the client. */
  tooManyMessages: 4429,
  /** The server stops. */
  goingAway: 1001,
} as const
