import { afterEach, beforeEach } from 'mocha'
import { say } from './waiting.fixture.ts'

/**
 * For a suite whose tests build on each other: after one has failed the others are skipped, and say why. Mocha's own `bail` would
 * leave the whole suite out, without a word, where anything had failed in another one before.
 */
export function endsWithItsFirstFailure(): void {
  let failed: string | undefined
  beforeEach(function () {
    if (failed === undefined) return
    say(`skipped: it builds on what failed before: ${failed}`)
    this.skip()
  })
  afterEach(function () {
    if (this.currentTest?.state === 'failed') failed ??= this.currentTest.title
  })
}
