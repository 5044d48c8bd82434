import type { InfluxSettings } from '../storage/influxdb-connection.ts'

export const withoutServer = `no InfluxDB to write to: set INFLUX_URL (and INFLUX_TOKEN), or install influxd
  version 2   https://docs.influxdata.com/influxdb/v2/install/
  version 1   Debian and Ubuntu have it: apt-get install influxdb`

/** The settings as the environment of the system. */
export function influxEnvironment({ url, version, org, bucket, token }: InfluxSettings): Record<string, string> {
  return {
    INFLUX_URL: url,
    INFLUX_VERSION: String(version),
    INFLUX_ORG: org,
    INFLUX_BUCKET: bucket,
    ...(token !== undefined && { INFLUX_TOKEN: token }),
  }
}

const influxql = `SELECT mean("p_actual_kw") FROM "der" WHERE time > now() - 5m GROUP BY time(10s), "feeder", "type" fill(none)`

/**
 * What to paste into a terminal: both versions answer InfluxQL at /query. The token is not printed.
 * @param metrics  address of /metrics
 */
export function sampleQueries({ url, version, bucket, token }: InfluxSettings, metrics: string): string {
  const [db] = bucket.split('/')
  const login =
    token === undefined ? '' : version === 1 ? ` -u "$INFLUX_TOKEN"` : ` -H "Authorization: Token $INFLUX_TOKEN"`
  return [
    '',
    `InfluxDB ${version} at ${url} is being written. Its lag, for who is logged in: ${metrics}`,
    'Ask it, in InfluxQL:',
    '',
    `  curl -G ${url.replace(/\/+$/, '')}/query${login} --data-urlencode 'db=${db}' \\`,
    `    --data-urlencode 'q=${influxql}'`,
    '',
    ...(token === undefined
      ? []
      : ['INFLUX_TOKEN is what you set, or stands in login.json beside the data of the server started here.', '']),
  ].join('\n')
}
