import type { AnomalyKind } from '../../nodes/solar/domain/detectors/anomaly.ts'
import type { FaultKind } from '../../simulator/plant/fault-kinds.ts'

/** What each fault is to be called when it is found. */
export const nameOf: Readonly<Record<FaultKind, AnomalyKind>> = {
  ...{ soiling: 'soiling', shading: 'shading', string_open: 'string_open', short_circuit: 'short_circuit' },
  ...{ degradation: 'degradation', hot_spot: 'hot_spot', stuck_sensor: 'stuck_value', inverter_trip: 'inverter_trip' },
  ...{ zero_output: 'zero_output', clipping: 'clipping', low_voltage: 'low_voltage', out_of_range: 'out_of_range' },
}
