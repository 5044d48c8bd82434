/** Loaded before a part's own script: ends the process when the supervisor is gone, also when it was killed. */
process.once('disconnect', () => {
  setTimeout(() => process.exit(1), 5_000).unref()
  process.kill(process.pid, 'SIGTERM')
})
