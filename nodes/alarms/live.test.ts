import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { tmpdir } from 'node:os'
import type { NodeAPI } from 'node-red'
import { describe, it } from 'mocha'
import type { Services } from '../../platform/http/services.ts'
import { standingAlarms } from '../../platform/http/health.ts'
import { liveHub } from '../../platform/live/hub.ts'
import { waitUntil } from '../../platform/node/waiting.fixture.ts'
import { readEnvironment } from '../../platform/runtime/environment.ts'
import { runServices } from '../../platform/runtime/running.ts'
import { useDatabase } from '../../platform/storage/test-database.ts'
import { alarmSummaryKey } from '../../platform/wire/live.ts'
import { said } from './alarms.fixture.ts'
import { runningAlarms } from './keeper/running-alarms.ts'
import register from './live.ts'

describe("alarms' part of the live stream", function () {
  this.timeout(60_000)
  const test = useDatabase()

  it("keeps alarms, and fills the process's hub with them, until the process stops", async () => {
    const { database } = test
    const stopping = new AbortController()
    runServices({
      database,
      environment: readEnvironment({ DATA_DIR: tmpdir() }),
      stopping: stopping.signal,
    } as Services)
    register({
      events: new EventEmitter(),
      log: { error: (fault: string) => assert.fail(fault) },
      plugins: { registerPlugin: (_id: string, { onadd }: { onadd(): void }) => onadd() },
    } as unknown as NodeAPI)
    try {
      await runningAlarms(database)!.take([said('limit', 'm-1', { at: Date.now() - 3_600_000 })])
      await waitUntil('the alarm', () =>
        [...liveHub.values('alarms')].some((value) => 'subject' in value && value.subject === 'm-1'),
      )
      await waitUntil('the summary', () => liveHub.get('alarms', alarmSummaryKey) !== undefined)
      assert.ok(standingAlarms())
    } finally {
      stopping.abort()
      runServices(undefined)
      await waitUntil('its end', () => runningAlarms(database) === undefined && standingAlarms() === undefined)
    }
  })
})
