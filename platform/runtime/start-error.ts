/** Why the system does not start, in one line for people. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
