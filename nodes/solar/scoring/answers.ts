import { forestFromBytes, forestToBytes } from '../domain/forest/forest-bytes.ts'
import type { Forest } from '../domain/forest/isolation-forest.ts'
import { scoreRows } from '../domain/forest/score.ts'
import { trainForest } from '../domain/forest/training.ts'
import type { Reply, Request } from './scoring-messages.ts'

/** Answers requests, with the forests that it was handed before. */
export class Answers {
  readonly #forests = new Map<string, Forest>()

  /** Forests that it knows. */
  get known(): number {
    return this.#forests.size
  }

  /** Bad rows, options and trees are refused with what is wrong with them, and the forest is forgotten; what else goes wrong is thrown. */
  answer(request: Request): Reply {
    try {
      return request.kind === 'train' ? train(request) : this.#score(request)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      if (request.kind === 'score') this.#forests.delete(request.model)
      return { kind: 'refused', message: error.message }
    }
  }

  #score({ model, trees, forget, rows }: Extract<Request, { kind: 'score' }>): Reply {
    for (const name of forget) this.#forests.delete(name)
    if (trees) this.#forests.set(model, forestFromBytes(trees))
    const forest = this.#forests.get(model)
    if (!forest) throw new RangeError(`the forest ${model} is not known here`)
    return { kind: 'scored', scores: scoreRows(forest, rows) }
  }
}

function train({ rows, options }: Extract<Request, { kind: 'train' }>): Reply {
  const { forest, threshold } = trainForest(rows, options)
  return { kind: 'trained', trees: forestToBytes(forest), threshold }
}
