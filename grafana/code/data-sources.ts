import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/dashboard'

/** Time series, asked in InfluxQL; uid as in `grafana/provisioning/datasources/linha-viva.yaml`. */
export const influxdb = { type: 'influxdb', uid: 'linhaviva-influxdb' } as const satisfies DataSourceRef

/** Everything else, asked in SQL. Grafana 9.4 knows the type by this name only, later releases take it as an alias. */
export const postgresql = { type: 'postgres', uid: 'linhaviva-postgresql' } as const satisfies DataSourceRef
