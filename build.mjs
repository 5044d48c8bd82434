// Builds what changed: TypeScript to dist/, what stands beside it, and the dashboard's own widgets.
// Plain JavaScript for Node 20: it runs before anything is built.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, extname, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const dist = join(root, 'dist')
const console_ = join(root, 'nodes', 'console')
const compiled = ['nodes', 'platform', 'flows', 'simulator', 'grafana', 'lint']
const assets = new Set(['.html', '.sql', '.svg', '.png', '.css'])
// JSON that is read where it is compiled to.
const foldersOfJson = new Set(['locales', 'scenarios'])
const outputs = ['.js', '.js.map', '.d.ts']
/** What runs in Node, and what runs in browsers. */
const projects = ['tsconfig.json', join('platform', 'pages', 'browser', 'tsconfig.json')]

/** Of the tools, all that they print: the standard output is for what a program answers. */
const errors = 2

/** A build that did not work; what was wrong has been written already. */
export class BuildError extends Error {}

/**
 * Builds everything whose sources changed since the last build.
 * @param {{ log?: (line: string) => void, node?: string }} [options] `node`: the Node to run the tools with
 * @returns {boolean} whether anything had to be built
 * @throws {BuildError}
 */
export function build({ log = () => {}, node = process.execPath } = {}) {
  const main = buildMain(log, node)
  const widgets = buildConsole(log, node)
  return main || widgets
}

function buildMain(log, node) {
  const sources = compiled.flatMap((folder) => filesIn(join(root, folder)))
  const stamp = join(dist, '.linha-viva-build')
  const print = fingerprint([
    ...sources,
    join(root, 'tsconfig.json'),
    join(root, 'package.json'),
    join(root, 'build.mjs'),
  ])
  if (readIf(stamp) === print) return false

  log('compiling …')
  rmSync(stamp, { force: true })
  // tsc trusts its notes about outputs that may be gone meanwhile.
  if (!sources.every((source) => !isSource(source) || existsSync(outputOf(source))))
    for (const notes of ['.tsbuildinfo', '.tsbuildinfo-pages']) rmSync(join(dist, notes), { force: true })
  for (const project of projects) run(node, [tool('typescript', 'tsc'), '-p', project], root, 'the sources have errors')
  const kept = new Set()
  for (const source of sources) {
    const target = join(dist, relative(root, source))
    if (isSource(source)) for (const ending of outputs) kept.add(target.replace(/\.ts$/, ending))
    else if (isAsset(source)) {
      kept.add(target)
      mkdirSync(dirname(target), { recursive: true })
      copyFileSync(source, target)
    }
  }
  for (const folder of compiled) {
    for (const file of filesIn(join(dist, folder))) if (!kept.has(file)) rmSync(file)
  }
  writeFileSync(stamp, print)
  return true
}

function buildConsole(log, node) {
  if (!existsSync(join(console_, 'package.json'))) return false
  const stamp = join(console_, 'dist', '.linha-viva-build')
  const print = fingerprint([
    ...filesIn(console_, ['dist', 'resources', 'node_modules']),
    ...filesIn(join(root, 'platform', 'wire')),
    join(root, 'tsconfig.json'),
    join(root, 'package-lock.json'),
  ])
  if (readIf(stamp) === print && existsSync(join(console_, 'resources'))) return false
  log('building the dashboard widgets …')
  rmSync(join(console_, 'dist'), { recursive: true, force: true })
  // The script as npm would run it, with the Node and the tools we want: the machine's own Node may be too old for them.
  const { scripts } = JSON.parse(readFileSync(join(console_, 'package.json'), 'utf8'))
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(
    process.platform === 'win32' ? ';' : ':',
  )
  const done = spawnSync(scripts.build, {
    cwd: console_,
    shell: true,
    stdio: ['inherit', errors, errors],
    env: { ...process.env, PATH: path },
  })
  if (done.status !== 0) throw new BuildError('the dashboard widgets cannot be built')
  writeFileSync(stamp, print)
  return true
}

const isSource = (file) => file.endsWith('.ts') && !file.endsWith('.d.ts')
const isAsset = (file) =>
  assets.has(extname(file)) || (file.endsWith('.json') && file.split(sep).some((folder) => foldersOfJson.has(folder)))
const outputOf = (source) => join(dist, relative(root, source)).replace(/\.ts$/, '.js')

/** All files below a folder. Another package's folder, built by itself, is left out. */
function filesIn(folder, without = []) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory())
        return path === console_ || entry.name === 'node_modules' || without.includes(entry.name)
          ? []
          : filesIn(path, without)
      return entry.isFile() ? [path] : []
    })
}

/** Changes when a file is added, removed or edited. */
function fingerprint(files) {
  const hash = createHash('sha256')
  for (const file of files) {
    const { size, mtimeMs } = statSync(file)
    hash.update(`${relative(root, file)} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

const readIf = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined)

/** The script behind a command of a package. */
function tool(name, command) {
  const home = join(root, 'node_modules', name)
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  return join(home, typeof bin === 'string' ? bin : bin[command])
}

function run(command, args, cwd, otherwise) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['inherit', errors, errors] })
  if (status !== 0) throw new BuildError(error ? `${otherwise}: ${error.message}` : otherwise)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    const built = build({ log: (line) => console.log(line) })
    console.log(built ? 'built' : 'nothing has changed')
  } catch (error) {
    if (!(error instanceof BuildError)) throw error
    console.error(`build: ${error.message}`)
    process.exitCode = 1
  }
}
