// No `exit`: tests must stop by themselves. Files to run are given on the command line (see package.json).
module.exports = {
  require: [`${__dirname}/dist/lint/open-handles.js`],
  timeout: 10_000,
  slow: 2_000,
  'forbid-only': true,
}
