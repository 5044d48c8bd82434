import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dashboardOf } from './dashboard.ts'
import { dashboards } from './dashboards.ts'

/** Where Grafana reads them. */
export const dashboardFolder = join(import.meta.dirname, '../../../grafana/dashboards')

/** Where the console stands unless `PUBLIC_URL` says otherwise. */
const defaultConsole = 'http://localhost:1880'

/**
 * What the files of all dashboards contain, by file name.
 * @param consoleUrl  where links to the console lead
 */
export function dashboardFiles(consoleUrl = defaultConsole): ReadonlyMap<string, string> {
  return new Map(
    dashboards.map((content) => [
      `${content.name}.json`,
      `${JSON.stringify(dashboardOf(content, consoleUrl.replace(/\/+$/, '')), undefined, 2)}\n`,
    ]),
  )
}

/**
 * Writes all dashboards, and removes those that are no more.
 * @returns names of the files that changed
 */
export async function writeDashboards(folder: string, consoleUrl?: string): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const files = dashboardFiles(consoleUrl)
  const changed: string[] = []
  for (const name of await readdir(folder))
    if (name.endsWith('.json') && !files.has(name)) {
      await rm(join(folder, name))
      changed.push(name)
    }
  for (const [name, text] of files) {
    const path = join(folder, name)
    if ((await readFile(path, 'utf8').catch(() => undefined)) === text) continue
    await writeFile(path, text)
    changed.push(name)
  }
  return changed
}
