/** A dashboard as it stands in its file: as much of it as is looked at here. */
export interface DashboardModel {
  readonly uid: string
  readonly title: string
  readonly time: { readonly from: string; readonly to: string }
  readonly templating: { readonly list: readonly VariableOfModel[] }
  readonly annotations: { readonly list: readonly AnnotationOfModel[] }
  readonly panels: readonly PanelOfModel[]
}

export interface VariableOfModel {
  readonly name: string
  readonly type: 'query' | 'constant' | 'custom' | 'interval' | 'textbox'
  readonly query: string
  readonly multi?: boolean
  readonly includeAll?: boolean
}

export interface AnnotationOfModel {
  readonly name: string
  readonly target: { readonly rawSql: string }
}

export interface TargetOfModel {
  readonly refId: string
  readonly datasource: { readonly uid: string }
  readonly rawSql?: string
  readonly query?: string
  readonly alias?: string
  readonly format?: 'time_series' | 'table'
}

export interface PanelOfModel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly targets?: readonly TargetOfModel[]
  readonly interval?: string
  readonly maxDataPoints?: number
  /** Of an alert rule, how far back it looks, as `300s`. */
  readonly looksBack?: string
  readonly gridPos: { readonly w: number }
  readonly fieldConfig?: {
    readonly overrides?: readonly { readonly matcher: { readonly id: string; readonly options?: unknown } }[]
  }
}
