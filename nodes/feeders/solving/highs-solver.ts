import highsModule, { type Highs, type Model } from 'highs'
import { NoOptimum } from '../domain/allocation/linear-program.ts'
import type { LinearProgram, LinearSolution, LinearSolver, OpenProgram } from '../domain/allocation/linear-program.ts'

/** What its types call the module is, imported so, the function itself. */
const highsLoader = highsModule as unknown as typeof highsModule.default

/**
 * HiGHS, for programs of any size and with integers. What it keeps lies in memory that nobody collects: each program must be closed.
 * @returns the solver, once its WebAssembly is there
 */
export async function loadHighs(): Promise<LinearSolver> {
  const highs = await highsLoader()
  return (program) => new HighsProgram(highs, program)
}

class HighsProgram implements OpenProgram {
  private readonly model: Model
  private readonly highs: Highs
  private readonly program: LinearProgram
  private mixed: boolean

  constructor(highs: Highs, program: LinearProgram) {
    this.highs = highs
    this.program = program
    const { columnCount, rowCount, lower, upper, rowLower, rowUpper, starts, columns, values, integer } = program
    this.mixed = integer.includes(1)
    this.model = highs.createModel()
    try {
      this.model.options.set({ output_flag: false })
      this.model.passModel({
        numCols: columnCount,
        numRows: rowCount,
        colCost: new Float64Array(columnCount),
        colLower: lower,
        colUpper: upper,
        rowLower,
        rowUpper,
        matrix: { format: 'csr', numRows: rowCount, numCols: columnCount, starts, indices: columns, values },
        ...(this.mixed && { integrality: Int32Array.from(integer) }),
      })
    } catch (error) {
      this.close()
      throw error
    }
  }

  minimize(costs: Float64Array): LinearSolution {
    const { model, highs } = this
    if (costs.length > 0) model.changeColsCost({ kind: 'range', from: 0, to: costs.length - 1 }, costs)
    model.run()
    const status = model.getModelStatus()
    const { optimal, empty } = highs.constants.modelStatus
    if (status === empty) return nothingIn(this.program)
    if (status !== optimal) throw new NoOptimum(`HiGHS ended with ${nameOf(highs, status)}`)
    const { colValue, colDual, rowDual } = model.getSolution()
    return {
      objective: model.getObjectiveValue(),
      x: colValue,
      rowDuals: this.mixed ? null : rowDual,
      reducedCosts: this.mixed ? null : colDual,
    }
  }

  bound({ lower, upper, rowLower, rowUpper }: Parameters<OpenProgram['bound']>[0]): void {
    const { model, program } = this
    // Once integers have been chosen, they are bounds like any other.
    if (this.mixed && program.integer.every((integer, column) => !integer || lower[column] === upper[column])) {
      model.clearIntegrality()
      this.mixed = false
    }
    if (lower.length > 0) model.changeColsBounds({ kind: 'range', from: 0, to: lower.length - 1 }, lower, upper)
    if (rowLower.length > 0)
      model.changeRowsBounds({ kind: 'range', from: 0, to: rowLower.length - 1 }, rowLower, rowUpper)
  }

  close(): void {
    this.model.dispose()
  }
}

/** Of a program without columns HiGHS says nothing; its rows are 0, and priced nothing. */
const nothingIn = ({ rowCount }: LinearProgram): LinearSolution => ({
  objective: 0,
  x: new Float64Array(0),
  rowDuals: new Float64Array(rowCount),
  reducedCosts: new Float64Array(0),
})

const nameOf = ({ constants }: Highs, status: number): string =>
  Object.entries(constants.modelStatus).find(([, code]) => code === status)?.[0] ?? `status ${status}`
