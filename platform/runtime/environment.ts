import { readFileSync } from 'node:fs'
import { checkTogether } from './environment-checks.ts'
import { EnvironmentError, quote } from './environment-error.ts'
import { variables, type Environment, type Variable, type VariableName } from './environment-variables.ts'

export { EnvironmentError } from './environment-error.ts'
export { isProduction, type Environment } from './environment-variables.ts'

/**
 * Reads and checks every variable, each from `<NAME>` or from the file that `<NAME>_FILE` names (trimmed). An empty one counts as not set.
 * @throws EnvironmentError at the first one that cannot be used
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const production = read(env, 'NODE_ENV', false) === 'production'
  const names = Object.keys(variables) as VariableName[]
  const environment = Object.fromEntries(names.map((name) => [name, read(env, name, production)])) as Environment
  checkTogether(environment)
  return environment
}

let taken: Environment | undefined

/**
 * Reads the environment once, for everything in this process, and takes the secrets out of it: what runs later, and
 * what that starts, finds none in `process.env`.
 * @throws EnvironmentError as `readEnvironment`; nothing is taken then
 */
export function takeEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  taken = readEnvironment(env)
  for (const [name, { secret }] of Object.entries<Variable<unknown>>(variables)) {
    if (!secret) continue
    delete env[name]
    delete env[`${name}_FILE`]
  }
  return taken
}

/** The environment as it was taken; where it was not, as in a test of one node, as it is now. */
export const environment = (): Environment => taken ?? readEnvironment(process.env)

/**
 * Reads some of the variables, for a part of the system that is told no others.
 * @throws EnvironmentError at the first one that cannot be used
 */
export function readVariables<N extends VariableName>(
  env: NodeJS.ProcessEnv,
  names: readonly N[],
): Pick<Environment, N> {
  const production = read(env, 'NODE_ENV', false) === 'production'
  return Object.fromEntries(names.map((name) => [name, read(env, name, production)])) as Pick<Environment, N>
}

function read(env: NodeJS.ProcessEnv, name: VariableName, production: boolean): string | number | undefined {
  const { kind, default: fallback, productionDefault, secret }: Variable<string | number> = variables[name]
  const given = textOf(env, name)
  if (given === undefined) return production ? (productionDefault ?? fallback) : fallback
  const value = kind.parse(given)
  if (value !== undefined) return value
  const shown = secret ? 'has a value that cannot be used' : `is ${quote(given)}, which cannot be used`
  throw new EnvironmentError(name, `${shown}: it takes ${kind.accepts.replace('<NAME>', name)}`)
}

/** What the environment says for a variable, be it in the variable or in the file that `<NAME>_FILE` names. */
function textOf(env: NodeJS.ProcessEnv, name: VariableName): string | undefined {
  const fileName = `${name}_FILE`
  const direct = env[name] || undefined
  const path = env[fileName] || undefined
  if (path === undefined) return direct
  if (direct !== undefined) throw new EnvironmentError(fileName, `is set, and so is ${name}: set one of the two`)
  try {
    return readFileSync(path, 'utf8').trim() || undefined
  } catch (error) {
    throw new EnvironmentError(
      fileName,
      `names ${quote(path)}, which cannot be read (${(error as NodeJS.ErrnoException).code})`,
    )
  }
}
