/** A flag, a variable or a scenario that cannot be used; the message names it and its value, in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
