import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, posix } from 'node:path'

/** Sources that need no test beside them, by reason. A file that is gone, or has a test now, must leave the list. */
const exempt: Readonly<Record<string, readonly string[]>> = {
  'entry point: only starts what is tested elsewhere': [
    'platform/runtime/main.ts',
    'platform/runtime/node-red-settings.ts',
    'platform/runtime/embedded-broker-process.ts',
    'nodes/console/widget/index.ts',
    'flows/bench/bench.ts',
    'flows/feeders-day/feeders-day.ts',
    'flows/solar-week/solar-week.ts',
    'platform/runtime/demo-influx.ts',
    'platform/runtime/roles-cli.ts',
    'platform/backup/backup-cli.ts',
    'platform/backup/restore-cli.ts',
    'platform/audit/audit-cli.ts',
    'grafana/code/write-dashboards.ts',
    'grafana/check/grafana-check.ts',
  ],
  'run in a browser, tested there in flows/console.system.test.ts': [
    'nodes/console/widget/annunciation/page-sound.ts',
    'nodes/console/widget/connection/console.ts',
    'nodes/console/widget/connection/page.ts',
    'nodes/console/widget/screens/components.ts',
  ],
  'run in a browser, tested there in flows/login.system.test.ts': [
    'platform/pages/browser/account.ts',
    'platform/pages/browser/form.ts',
    'platform/pages/browser/login.ts',
    'platform/pages/browser/password.ts',
  ],
  'part of what operators do in a browser, run by flows/console.system.test.ts': [
    'flows/console/alarms.part.ts',
    'flows/console/commands.part.ts',
    'flows/console/continuity.part.ts',
    'flows/console/feeders.part.ts',
    'flows/console/overview.part.ts',
    'flows/console/solar.part.ts',
    'flows/console/system.part.ts',
    'flows/console/voltage.part.ts',
  ],
  'one language of what nodes/console/widget/screens/alarms/alarms-words.test.ts compares': [
    'nodes/console/widget/screens/alarms/alarms-words-en.ts',
    'nodes/console/widget/screens/alarms/alarms-words-pt.ts',
  ],
  'tested through the routes beside it': [
    'nodes/alarms/shift-log/entry-repository.ts',
    'nodes/alarms/shift-log/handover-repository.ts',
    'nodes/alarms/shift-log/shift-fields.ts',
  ],
  'tested through the command lines that need it': ['platform/backup/database.ts'],
  'a list of what was shipped': ['platform/runtime/shipped-flows-0.1.0.ts'],
  'part of the process that plays a tab, tested as a whole in flows/trial/main.test.ts': [
    'flows/trial/player.ts',
    'flows/trial/recorder.ts',
    'flows/trial/run.ts',
    'flows/trial/running-tab.ts',
    'flows/trial/stand-ins.ts',
    'flows/trial/trial.ts',
  ],
  'part of a campaign, tested as a whole in flows/campaign/campaign.system.test.ts': [
    'flows/campaign/breaking.ts',
    'flows/campaign/people.ts',
    'flows/campaign/stored.ts',
  ],
  'holds what others set, tested with those': [
    'platform/runtime/running.ts',
    'nodes/alarms/notify/running-channels.ts',
  ],
  'an error and nothing more': ['platform/runtime/flow-files-error.ts'],
}

const repository = join(import.meta.dirname, '../..')
const folders = ['nodes', 'platform', 'flows', 'simulator', 'grafana']

const files = folders
  .flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true }).map((file) => join(folder, String(file))),
  )
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !/(^|\/)(dist|node_modules|resources)\//.test(file))

/** Samples, fixtures, configuration and declarations serve tests or tools. */
const sources = files.filter((file) => file.endsWith('.ts') && !/\.(test|samples|fixture|config|d)\.ts$/.test(file))

const tests = files.filter((file) => file.endsWith('.test.ts'))

/** A test beside it carries its name, or imports it. */
const hasTest = (source: string): boolean => {
  const stem = source.slice(0, -'.ts'.length)
  return tests.some((file) => file.startsWith(`${stem}.`)) || importedByTests.has(source)
}

const importedByTests: ReadonlySet<string> = new Set(
  tests.flatMap((file) =>
    [...readFileSync(join(repository, file), 'utf8').matchAll(/from '\.\/([\w.-]+\.ts)'/g)].map(([, name]) =>
      posix.join(posix.dirname(file), name!),
    ),
  ),
)

/** A source that compiles to nothing holds types only. */
function holdsTypesOnly(source: string): boolean {
  const compiled = join(repository, 'dist', source.replace(/\.ts$/, '.js'))
  if (!existsSync(compiled)) return false
  return /^\s*export \{\};?\s*$/.test(readFileSync(compiled, 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*$/gm, ''))
}

describe('every source', () => {
  const excused = Object.values(exempt).flat()

  it('has a test beside it', () => {
    const bare = sources.filter((source) => !hasTest(source) && !excused.includes(source) && !holdsTypesOnly(source))
    assert.deepEqual(bare, [], `without a test beside them:\n  ${bare.join('\n  ')}\n`)
  })

  it('that is exempt is there, and has none', () => {
    const stale = excused.filter((source) => !sources.includes(source) || hasTest(source))
    assert.deepEqual(stale, [], 'take these off the list of exemptions')
  })
})
