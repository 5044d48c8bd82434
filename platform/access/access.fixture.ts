import { after, before } from 'mocha'
import { wallClock, type Clock } from '../clock/clock.ts'
import { useDatabase, type TestDatabase } from '../storage/test-database.ts'
import { Access, type AccessOptions } from './access.ts'
import { hashPassword } from './password.ts'
import { testSecret, testUsers } from './users.fixture.ts'

/** The wall's clock, which a test can put forward, or hold still. */
export class ShiftedClock implements Clock {
  aheadMs = 0
  /** UTC milliseconds; undefined: it runs. */
  heldAt: number | undefined

  now(): number {
    return (this.heldAt ?? wallClock.now()) + this.aheadMs
  }
}

/** Hashed once for all suites of the process: it takes long on purpose. */
const hashedUsers = await Promise.all(
  testUsers.map(async (user) => ({ ...user, password: await hashPassword(user.password) })),
)

/** Another process of the same installation, so to say: closed by whoever made it. */
export function openAccess(test: Pick<TestDatabase, 'database'>, options: Partial<AccessOptions> = {}): Access {
  return new Access({
    database: test.database,
    users: hashedUsers,
    secret: testSecret,
    tokenTtlMs: 3_600_000,
    report: (error) => {
      throw error
    },
    ...options,
  })
}

/** Gives a suite an Access with a user of each role, over a database of its own, and a clock to put forward. */
export function useAccess(options: Partial<AccessOptions> = {}): {
  readonly access: Access
  readonly test: TestDatabase
  readonly clock: ShiftedClock
} {
  let access: Access
  // Before the database goes.
  after(() => access.close())
  const test = useDatabase()
  const clock = new ShiftedClock()
  before(async function () {
    this.timeout(60_000)
    access = openAccess(test, { clock, ...options })
    await access.ready()
  })
  return {
    get access() {
      return access
    },
    test,
    clock,
  }
}
