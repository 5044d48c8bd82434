import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { readScenario, type Scenario } from './scenario.ts'
import { UsageError } from './usage-error.ts'

const folder = join(import.meta.dirname, 'scenarios')

/** Names of the scenarios that come with the simulator. */
export const shippedScenarios = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort()

/**
 * Reads a shipped scenario by its name, or any other by its path.
 * @throws UsageError in one line
 */
export function loadScenario(nameOrPath: string): Scenario {
  const shipped = shippedScenarios()
  const path = shipped.includes(nameOrPath) ? join(folder, `${nameOrPath}.json`) : nameOrPath
  let text: string
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(
      code === 'ENOENT'
        ? `--scenario "${nameOrPath}" is neither a file nor one of ${shipped.join(', ')}`
        : `--scenario "${nameOrPath}" cannot be read: ${String(code ?? error)}`,
    )
  }
  return readScenario(text, nameOrPath)
}

/** The shipped scenarios with their descriptions, a line each. */
export function scenarioList(): string {
  const names = shippedScenarios()
  const width = Math.max(...names.map((name) => name.length))
  return names.map((name) => `${name.padEnd(width)}  ${loadScenario(name).description}\n`).join('')
}
