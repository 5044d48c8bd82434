import type { IncomingMessage } from 'node:http'
import { join, resolve } from 'node:path'
import { exportCredentials } from '../broker/credential-export.ts'
import { devicesFile } from '../broker/devices-file.ts'
import { admitSocket } from '../http/dashboard-guard.ts'
import { editorAuth } from '../http/editor-auth.ts'
import { gateOfDashboard, gateOfEditor, gateOfPages } from '../http/gates.ts'
import { limitAddresses, RequestLimit } from '../http/limits.ts'
import { cameByHttps } from '../http/trusted-proxies.ts'
import { accessEntryOf, type AuditMessage, deployEntryOf } from './audit.ts'
import { createFlowStorage } from './flow-storage.ts'
import { isProduction, takeEnvironment } from './environment.ts'
import { guardEditor, guardPages, namesOf } from './http-guard.ts'
import { installation } from './installation.ts'
import { nodeRedLogLine } from './node-red-log.ts'
import { openGuard } from './open-guard.ts'
import { openServices } from './open-services.ts'
import { runGuard, runServices } from './running.ts'
import { openSecrets } from './secrets.ts'
import { prepareUserDirectory } from './user-directory.ts'

const environment = takeEnvironment()
const production = isProduction(environment)
const dataDir = resolve(environment.DATA_DIR)
const userDir = join(dataDir, 'node-red')
const flowsDir = resolve(environment.FLOWS_DIR ?? join(installation, 'flows'))
prepareUserDirectory(userDir, installation)
const services = openServices(environment, stopSignal())
const guard = openGuard(services)
runServices(services)
runGuard(guard)
void exportCredentials(services.database, devicesFile(dataDir), console.log, services.stopping)

const headers = {
  isOurName: namesOf(environment),
  isHttps: (request: IncomingMessage) => cameByHttps(request, guard.isTrusted),
}
/** The editor fetches some hundred files when it opens. */
const editorRequestsPerMinute = 3_000

const settings = {
  uiPort: environment.PORT,
  uiHost: environment.BIND_ADDRESS,
  httpAdminRoot: '/editor',
  httpNodeRoot: '/',
  httpAdminMiddleware: [
    guardEditor(headers),
    limitAddresses(new RequestLimit('editor', editorRequestsPerMinute), guard.isTrusted),
    gateOfEditor({ ...guard, access: services.access }),
  ],
  adminAuth: editorAuth(services.access, guard.editor),
  // The one setting that stands before all that is not the editor: Dashboard, API, http nodes.
  httpNodeAuth: [guardPages(headers), gateOfPages],
  httpServerOptions: { 'trust proxy': guard.isTrusted, 'x-powered-by': false },
  dashboard: { middleware: gateOfDashboard, ioMiddleware: admitSocket },
  userDir,
  // Not used by our storage, but part of Node-RED's messages.
  flowFile: join(flowsDir, 'flows.json'),
  storageModule: createFlowStorage({
    ...{ flowsDir, userDir },
    onDeploy: (deployed) => services.access.noteAccess(deployEntryOf(deployed)),
  }),
  credentialSecret: environment.CREDENTIAL_SECRET ?? openSecrets(dataDir).credential,
  telemetry: { enabled: false, updateNotification: false },
  // What somebody chooses in the editor would go before that; what stands here cannot be chosen.
  telemetryEnabled: false,
  diagnostics: { enabled: false, ui: false },
  runtimeState: { enabled: false, ui: false },
  functionExternalModules: false,
  exportGlobalContextKeys: false,
  externalModules: {
    autoInstall: false,
    palette: { allowInstall: false, allowUpdate: false, allowUpload: false },
    modules: { allowInstall: false },
  },
  // Whoever may edit flows could with these do anything that the operating system lets us do.
  nodesExcludes: production ? ['90-exec.js', '10-file.js', '23-watch.js', '31-tcpin.js', '32-udp.js'] : [],
  contextStorage: { default: { module: 'memory' } },
  logging: {
    console: { level: 'off', metrics: false, audit: false },
    supervised: {
      level: environment.LOG_LEVEL,
      metrics: false,
      audit: true,
      handler: () => log,
    },
  },
  editorTheme: {
    page: { title: 'Linha Viva' },
    header: { title: 'Linha Viva' },
    // Where an open editor leads whose session is over.
    login: { button: { label: 'Log in · Entrar', url: '/login?next=%2Feditor%2F' } },
    palette: { catalogues: [] },
    projects: { enabled: false },
    tours: false,
    multiplayer: { enabled: false },
    codeEditor: { lib: 'monaco' },
  },
}

/** Beside Node-RED, which stops the flows by itself; where it does not listen yet, the process just ends. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.once(name, () => {
      stopping.abort()
      if (process.listenerCount(name) === 0) process.exit()
    })
  return stopping.signal
}

type Logged = Parameters<typeof nodeRedLogLine>[0]

/** Node-RED's log level of audit events. */
const auditLevel = 98

function log(message: Logged): void {
  if (message.level !== auditLevel) return console.log(nodeRedLogLine(message))
  const entry = accessEntryOf(message as unknown as AuditMessage)
  if (!entry) return
  console.log(`[info] [access] ${entry.event}: ${entry.identity?.username ?? 'nobody'}: ${entry.detail ?? ''}`)
  services.access.noteAccess(entry)
}

// Node-RED requires its settings file and adds to what it gets: a module's namespace could not be added to.
export { settings as 'module.exports' }
