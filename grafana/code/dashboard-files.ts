import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dashboardOf, type Installation } from './dashboard.ts'
import { dashboards } from './dashboards.ts'

/** Where Grafana reads them. */
export const dashboardFolder = join(import.meta.dirname, '../../../grafana/dashboards')

/** What the files of all dashboards contain, by file name. */
export function dashboardFiles(installation?: Installation): ReadonlyMap<string, string> {
  return new Map(
    dashboards.map((content) => [
      `${content.name}.json`,
      `${JSON.stringify(dashboardOf(content, installation), undefined, 2)}\n`,
    ]),
  )
}

/**
 * Writes all dashboards, and removes those that are no more.
 * @returns names of the files that changed
 */
export async function writeDashboards(folder: string, installation?: Installation): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const files = dashboardFiles(installation)
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
