import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { path, useTableApi } from './table-api.fixture.ts'

const asCsv = { accept: 'text/csv' }
const isCsv = { 'content-type': 'text/csv' }

describe('the master alarm table as a file', function () {
  this.timeout(60_000)
  const { engineer, newest, definitionOf, put, lastAccess } = useTableApi()

  const exported = async () => (await engineer().get(path, asCsv)).text
  const importing = async (file: string, { dryRun = false, version }: { dryRun?: boolean; version?: number } = {}) =>
    engineer().post(
      `${path}/import?version=${version ?? (await newest())}&reason=from+a+file${dryRun ? '&dryRun=true' : ''}`,
      ...[file, isCsv],
    )

  it('comes back as it went, with commas and with semicolons', async () => {
    await put({ cause: { en: '=1+1, "quoted"; -2', pt: "@soma; +3 'x'" }, setPoint: -0.25, deadband: 0.1 })
    const file = await exported()
    assert.match(file, /"'=1\+1, ""quoted""; -2",'@soma; \+3 'x',/)
    const version = await newest()
    assert.deepEqual((await importing(file)).body, { version, dryRun: false, changes: [] })
    const cells = file.split('\r\n').map((line) => line.match(/("([^"]|"")*"|[^,"]*)(,|$)/g) ?? [])
    const semicolons = cells.map((line) =>
      line
        .map((cell) => cell.replace(/,$/, ''))
        .map((cell) => (/^-?\d+\.\d+$/.test(cell) ? cell.replace('.', ',') : cell))
        .map((cell) => (cell.includes(';') && !cell.startsWith('"') ? `"${cell}"` : cell))
        .slice(0, 21)
        .join(';'),
    )
    const reply = await importing(`\uFEFF${semicolons.join('\r\n')}`)
    assert.deepEqual(reply.body, { version, dryRun: false, changes: [] })
  })

  it('says in a dry run what would change, and then does exactly that', async () => {
    const file = (await exported()).replace(/(telemetry,values-stuck,,,)true(,equipment,)low/, '$1false$2medium')
    const version = await newest()
    const dry = await importing(file, { dryRun: true })
    const [change, ...others] = dry.body.changes
    assert.deepEqual([change.key, change.change, others], ['telemetry~values-stuck~*~*', 'changed', []])
    assert.deepEqual(
      new Map(change.fields.map(({ field, before, after }: Record<string, unknown>) => [field, [before, after]])),
      new Map<string, unknown[]>([
        ['enabled', [true, false]],
        ['priority', ['low', 'medium']],
      ]),
    )
    assert.deepEqual([dry.body.version, await newest()], [version, version])
    const { body } = await importing(file)
    assert.deepEqual(body, { version: version + 1, dryRun: false, changes: dry.body.changes })
    assert.equal((await definitionOf('telemetry~values-stuck~*~*')).enabled, false)
    assert.equal(await exported(), file)
  })

  it('takes back what is as shipped again, and what is not in the file any more', async () => {
    const id = 'voltage~drp-budget~f-9~*'
    await put({ explainedBy: [] }, { id })
    const shipped = (await engineer().get(`${path}?version=0`, asCsv)).text
    const { body } = await importing(shipped)
    const removed = body.changes.find(({ key }: { key: string }) => key === id)
    assert.equal(removed.change, 'removed')
    assert.equal(await exported(), shipped)
    const { items } = (await engineer().get(path)).body
    assert.ok(items.every(({ override }: { override: unknown }) => override === null))
  })

  it('tells every fault by line and column, and then changes nothing', async () => {
    const version = await newest()
    const file = (await exported())
      .replace(/(telemetry,values-stuck,,,true,)equipment/, '$1nothing')
      .replace(/(telemetry,device-offline,,,)true(,equipment,)low/, '$1perhaps$2urgent')
    const lineOf = (kind: string) => file.slice(0, file.indexOf(`,${kind},`)).split('\r\n').length
    const { status, body } = await importing(file)
    assert.equal(status, 400)
    const offline = `body.lines.${lineOf('device-offline')}`
    assert.deepEqual(
      body.errors.map(({ field, value }: { field: string; value: string }) => [field, value]),
      [
        [`${offline}.enabled`, 'perhaps'],
        [`${offline}.priority`, 'urgent'],
      ],
    )
    const second = await importing((await exported()).replace(/(telemetry,values-stuck,,,true,)equipment/, '$1nothing'))
    assert.deepEqual(
      second.body.errors.map(({ field, value }: { field: string; value: string }) => [field, value]),
      [[`body.lines.${lineOf('values-stuck')}.class`, 'nothing']],
    )
    assert.equal(await newest(), version)
    assert.equal((await lastAccess()).event, 'alarm_table_refused')
  })

  it('refuses a file that lacks what is shipped, an entry twice, and columns that are none', async () => {
    const [header = '', first = '', ...rest] = (await exported()).split('\r\n')
    const detailOf = async (...lines: string[]) => (await importing(lines.join('\r\n'))).body.detail as string
    assert.match(await detailOf(header, ...rest), /lacks the entry .*, which is shipped/)
    assert.match(await detailOf(header, first, first, ...rest), /the entry .* is on line 2 already/)
    assert.match(
      await detailOf(header.replace('enabled', 'enable'), first),
      /unknown column "enable".*missing: enabled/,
    )
  })

  it('refuses a file that is based on an older version', async () => {
    await put({ priority: 'critical' })
    assert.equal((await importing(await exported(), { version: (await newest()) - 1 })).status, 409)
  })
})
