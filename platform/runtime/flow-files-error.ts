/**
 * - `flows_malformed`: a file, or what was deployed, cannot be understood
 * - `flows_changed_on_disk`: writing would overwrite a change that nobody here has seen
 */
export type FlowFilesFault = 'flows_malformed' | 'flows_changed_on_disk'

/** The flow files cannot be read or written as they are. The message names the file; the editor shows it. */
export class FlowFilesError extends Error {
  override readonly name = 'FlowFilesError'
  readonly code: FlowFilesFault

  constructor(code: FlowFilesFault, message: string) {
    super(message)
    this.code = code
  }
}
