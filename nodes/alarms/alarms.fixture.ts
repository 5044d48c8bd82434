import { after, before } from 'mocha'
import type { RootCauses } from '../../platform/conditions/root-causes.ts'
import type { Database } from '../../platform/storage/database.ts'
import { useDatabase, type TestDatabase } from '../../platform/storage/test-database.ts'
import type { AlarmEvent, StateLetter } from './domain/alarm.ts'
import type { MasterTable } from './domain/definition.ts'
import { AlarmKeeper } from './keeper/alarm-keeper.ts'
import { changeAlarms, type By, type ChangedAlarm } from './keeper/change-alarms.ts'
import { defaultTable } from './domain/default-table.ts'
import { alarmsBegin } from './said.fixture.ts'

export { alarmsBegin, said } from './said.fixture.ts'

export interface ListedAlarm {
  readonly alarmId: number
  readonly key: string
  readonly state: StateLetter
  readonly occurrence: number
  readonly priority: string
  readonly rootAlarmId: number | null
}

export interface TestAlarms extends TestDatabase {
  readonly keeper: AlarmKeeper
  /** What the keeper takes for now, UTC milliseconds: stands still unless it is set. */
  now: number
  /** What alarms live by. */
  table: MasterTable
  /** What explains alarms of others. */
  causes: readonly RootCauses[]
  /** What went wrong beside. */
  readonly faults: readonly unknown[]
  /** Lets something happen to an alarm. */
  act(alarmId: number, event: AlarmEvent, by?: By): Promise<ChangedAlarm>
  /** All alarms in the order of their ids. */
  listing(): Promise<ListedAlarm[]>
  /** All transitions in their order: `activated A B 1`, with the occurrence. */
  history(alarmId: number): Promise<string[]>
}

/** Gives a suite alarms of its own: a database, and a keeper whose clock stands still unless it is set. */
export function useAlarms(): TestAlarms {
  const test = useDatabase()
  const faults: unknown[] = []
  let keeper: AlarmKeeper
  const alarms: TestAlarms = {
    get database() {
      return test.database
    },
    get login() {
      return test.login
    },
    get owner() {
      return test.owner
    },
    get server() {
      return test.server
    },
    get keeper() {
      return keeper
    },
    now: alarmsBegin,
    table: defaultTable,
    causes: [],
    faults,
    act: (alarmId, event, by) => act(test.database, alarmId, event, by ?? null, alarms.table, alarms.now),
    listing: () => listing(test.database),
    history: (alarmId) => history(test.database, alarmId),
  }
  before(() => {
    const clock = { now: () => alarms.now }
    const report = (fault: unknown): void => void faults.push(fault)
    keeper = new AlarmKeeper(test.database, {
      ...{ clock, clockIsSet: () => true, table: () => alarms.table, causes: () => alarms.causes },
      ...{ historyMs: 1_826 * 86_400_000, report },
    })
  })
  after(() => keeper.close())
  return alarms
}

async function act(
  database: Database,
  alarmId: number,
  event: AlarmEvent,
  by: By | null,
  table: MasterTable,
  now: number,
): Promise<ChangedAlarm> {
  const [changed] = await database.transaction((client) => changeAlarms(client, [{ alarmId, event, by }], table, now))
  return changed!
}

const listing = (database: Database): Promise<ListedAlarm[]> =>
  database.query<ListedAlarm>(
    `select alarm_id::float8 as "alarmId", key, state, occurrence, priority, root_alarm_id::float8 as "rootAlarmId"
     from alarm order by alarm_id`,
  )

async function history(database: Database, alarmId: number): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    `select concat_ws(' ', kind, from_state, to_state, occurrence) as line
     from alarm_transition where alarm_id = $1 order by changed, ordinal`,
    [alarmId],
  )
  return rows.map(({ line }) => line)
}
