/** How long what the tests opened may take to close by itself. */
const graceMs = 5_000

/**
 * Mocha calls this after the last test. Tests must stop by themselves: a server, a timer or a child that one left open
 * would keep the run alive for ever, without a word. Named here, and the run fails.
 */
export function mochaGlobalTeardown(): void {
  const watch = setTimeout(() => {
    const open = process.getActiveResourcesInfo().filter((kind) => !/^(TTYWrap|PipeWrap)$/.test(kind))
    process.stderr.write(`\nThe tests left something open after ${graceMs / 1000} s: ${open.join(', ') || 'a pipe'}.\n`)
    // Mocha sets the exit code itself, in a listener of its own: the last one counts.
    process.once('exit', () => (process.exitCode = 1))
    process.exit()
  }, graceMs)
  watch.unref()
}
