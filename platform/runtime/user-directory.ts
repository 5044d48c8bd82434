import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeAtomically } from './secrets.ts'

/**
 * Prepares Node-RED's user directory: links our packages into its node_modules and lists them in its package.json. Node-RED finds nodes by
 * the link, with locales, help and icons; Dashboard finds widgets by the list. What somebody installed there is kept.
 */
export function prepareUserDirectory(userDir: string, installation: string): void {
  const packages = [installation, join(installation, 'nodes', 'console')].flatMap(readPackage)
  for (const { name, folder } of packages) link(join(userDir, 'node_modules', name), folder)

  const path = join(userDir, 'package.json')
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '{}'
  const known = JSON.parse(before) as { dependencies?: Record<string, string> }
  const dependencies = {
    ...known.dependencies,
    ...Object.fromEntries(packages.map(({ name, version }) => [name, version])),
  }
  const after = JSON.stringify({ name: 'linha-viva-runtime', private: true, ...known, dependencies }, null, 2) + '\n'
  if (after !== before) writeAtomically(path, after, 0o644)
}

interface Package {
  readonly name: string
  readonly version: string
  readonly folder: string
}

/** None if it was not built: Node-RED would complain of files that are not there. */
function readPackage(folder: string): Package[] {
  const path = join(folder, 'package.json')
  if (!existsSync(path) || !existsSync(join(folder, 'dist'))) return []
  const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as { name: string; version: string }
  return [{ name, version, folder }]
}

function link(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true })
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there?.isSymbolicLink() && readlinkSync(path) === target) return
  if (there) rmSync(path, { recursive: true })
  symlinkSync(target, path, 'junction')
}
