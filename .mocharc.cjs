// No `exit`: tests must stop by themselves. Files to run are given on the command line (see package.json).
module.exports = {
  require: [`${__dirname}/dist/lint/open-handles.js`],
  reporter: `${__dirname}/dist/lint/failed-files.js`,
  // Ends what hangs; how long a test may take says nothing about it on a machine that has other things to do.
  timeout: 30_000,
  slow: 2_000,
  'forbid-only': true,
}
