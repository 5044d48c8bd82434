/** A variable that cannot be used. The message is one line, names the variable, and never shows a secret. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
  readonly variable: string

  constructor(variable: string, problem: string) {
    super(`${variable} ${problem}`)
    this.variable = variable
  }
}

/** A value as an error shows it: in quotes, and no longer than a line takes. */
export const quote = (value: string): string => JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
