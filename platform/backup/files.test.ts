import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openSecrets } from '../runtime/secrets.ts'
import { putFilesBack, readFilesToKeep, type FilePlaces } from './files.ts'

describe('the files of a backup', () => {
  let home: string
  beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'linha-viva-files-'))))
  afterEach(() => rmSync(home, { recursive: true }))

  const placesOf = (
    name: string,
    ownSecrets: FilePlaces['ownSecrets'] = ['credential', 'commandSigning'],
  ): FilePlaces => {
    const dataDir = join(home, name)
    return { dataDir, userDir: join(dataDir, 'node-red'), flowsDir: join(home, `${name}-flows`), ownSecrets }
  }
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  const get = (...path: string[]): string => readFileSync(join(...path), 'utf8')

  function filled(name: string): FilePlaces {
    const places = placesOf(name)
    const { dataDir, userDir, flowsDir } = places
    put(join(flowsDir, 'telemetry.json'), '[{"id":"t","type":"tab"}]')
    put(join(flowsDir, 'config.json'), '{"order":[],"nodes":[]}')
    put(join(flowsDir, '.shipped.json'), '{}')
    put(join(flowsDir, 'notes.txt'), 'not a flow')
    put(join(userDir, 'flows_cred.json'), '{"$":"cipher"}')
    put(join(userDir, 'flow-order.json'), '["t"]')
    put(join(userDir, 'lib', 'flows', 'mine', 'a.json'), '[]')
    put(join(userDir, 'node_modules', 'x', 'index.js'), '')
    put(join(userDir, '.config.nodes.json'), 'found anew at every start')
    put(join(dataDir, 'installation-id'), `${name}-id\n`)
    put(join(dataDir, 'logs', 'today.log'), '')
    openSecrets(dataDir)
    return places
  }

  it('are the flows and what belongs to them: no logs, no packages, no passwords of the database', async () => {
    const kept = await readFilesToKeep(filled('one'))
    assert.deepEqual(kept.map(({ place, name }) => `${place}: ${name}`).sort(), [
      'data: installation-id',
      'flows: .shipped.json',
      'flows: config.json',
      'flows: telemetry.json',
      'node-red: flow-order.json',
      'node-red: flows_cred.json',
      'node-red: lib/flows/mine/a.json',
      'secret: command-signing',
      'secret: credentials',
    ])
    const { databaseOwner, databaseRunning, databaseSuperuser } = openSecrets(join(home, 'one'))
    const text = kept.map(({ content }) => content.toString()).join('\n')
    for (const password of [databaseOwner, databaseRunning, databaseSuperuser]) assert.ok(!text.includes(password))
  })

  it('have no secrets where variables stand for them, and none is made up', async () => {
    const places = placesOf('bare', [])
    mkdirSync(places.dataDir)
    assert.deepEqual(await readFilesToKeep(places), [])
    assert.deepEqual(await readFilesToKeep({ ...places, ownSecrets: ['credential', 'commandSigning'] }), [])
    assert.deepEqual(readdirSync(places.dataDir), [])
  })

  it('are put back on a new machine, with the secrets and the name at the broker, and new passwords of the database', async () => {
    const one = filled('one')
    const two = placesOf('two')
    mkdirSync(two.dataDir)
    const passwords = openSecrets(two.dataDir)
    const lines = await putFilesBack(await readFilesToKeep(one), two, { asCopy: false, stamp: 'now' })
    assert.deepEqual(lines, [`flows: restored to ${two.flowsDir}`])
    assert.equal(get(two.flowsDir, 'telemetry.json'), get(one.flowsDir, 'telemetry.json'))
    assert.equal(get(two.userDir, 'lib', 'flows', 'mine', 'a.json'), '[]')
    assert.equal(get(two.dataDir, 'installation-id'), 'one-id\n')
    const { credential, commandSigning } = openSecrets(one.dataDir)
    assert.deepEqual(openSecrets(two.dataDir), { ...passwords, credential, commandSigning })
  })

  it('give a copy no name at the broker', async () => {
    const two = placesOf('two')
    mkdirSync(two.dataDir)
    await putFilesBack(await readFilesToKeep(filled('one')), two, { asCopy: true, stamp: 'now' })
    assert.ok(!existsSync(join(two.dataDir, 'installation-id')))
  })

  it('say that credentials and signatures need the secrets that they were made with', async () => {
    const set = placesOf('set', [])
    mkdirSync(set.dataDir)
    const hints = await putFilesBack(await readFilesToKeep(filled('other')), set, { asCopy: false, stamp: 'now' })
    assert.match(hints[0]!, /open with what is in files\/secret\/credentials of the backup, as CREDENTIAL_SECRET/)
    assert.match(hints[1]!, /devices know them with what is in files\/secret\/command-signing of the backup/)
    const kept = (await readFilesToKeep(filled('one'))).filter(({ place }) => place !== 'secret')
    const two = placesOf('two', [])
    mkdirSync(two.dataDir)
    const lines = await putFilesBack(kept, two, { asCopy: false, stamp: 'now' })
    assert.match(lines[0]!, /open with the CREDENTIAL_SECRET of the system that was backed up/)
    assert.match(lines[1]!, /devices know them with the COMMAND_SIGNING_SECRET of the system that was backed up/)
  })

  it('lay aside the flows that they replace, and leave alone what is no flow', async () => {
    const kept = await readFilesToKeep(filled('one'))
    const two = filled('two')
    put(join(two.flowsDir, 'telemetry.json'), '[{"id":"t","type":"tab","label":"edited"}]')
    put(join(two.flowsDir, 'own.json'), '[{"id":"o","type":"tab"}]')
    const [line] = await putFilesBack(kept, two, { asCopy: false, stamp: 'now' })
    const aside = join(two.flowsDir, '.before-restore-now')
    assert.equal(line, `flows: restored to ${two.flowsDir}; what was there is in ${aside}`)
    assert.deepEqual(readdirSync(aside).sort(), ['own.json', 'telemetry.json'])
    assert.match(get(aside, 'telemetry.json'), /edited/)
    assert.deepEqual(readdirSync(two.flowsDir).sort(), [
      '.before-restore-now',
      '.shipped.json',
      'config.json',
      'notes.txt',
      'telemetry.json',
    ])
    const again = await putFilesBack(kept, two, { asCopy: false, stamp: 'later' })
    assert.deepEqual(again, ['flows: as they were'])
  })
})
