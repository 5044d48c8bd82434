import { appendFileSync } from 'node:fs'
import Mocha from 'mocha'

/** Mocha's usual words; beside them each file in which something failed goes, a line, to the file that FAILED_TEST_FILES names. */
class FailedFiles extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    const list = process.env['FAILED_TEST_FILES']
    if (list === undefined || list === '') return
    runner.on(Mocha.Runner.constants.EVENT_TEST_FAIL, ({ file }) => appendFileSync(list, `${file ?? 'unknown'}\n`))
  }
}

export { FailedFiles as 'module.exports' }
