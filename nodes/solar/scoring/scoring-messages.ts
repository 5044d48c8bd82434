import type { Rows } from '../domain/forest/rows.ts'
import type { TrainingOptions } from '../domain/forest/training.ts'

/** To the thread that grows forests and scores by them: one at a time, the buffers of its rows with it. */
export type Request =
  | { readonly kind: 'train'; readonly rows: Rows; readonly options: TrainingOptions }
  | {
      readonly kind: 'score'
      /** Names the forest; the thread knows those that it was handed. */
      readonly model: string
      /** The forest, where the thread does not know it. */
      readonly trees: Uint8Array | null
      /** Forests that are not needed any more. */
      readonly forget: readonly string[]
      readonly rows: Rows
    }

/** From it: one for each request. */
export type Reply =
  | { readonly kind: 'trained'; readonly trees: Uint8Array<ArrayBuffer>; readonly threshold: number }
  | { readonly kind: 'scored'; readonly scores: Float64Array<ArrayBuffer> }
  | { readonly kind: 'refused'; readonly message: string }
