// `logboom/client`: a hub's API for programs in Node and pages in a browser. No Node modules in here.
export { connect, type Client, type ConnectOptions } from './connect.ts'
export type { FollowHandlers, Folded, Gap } from './follow.ts'
export type { ConnectionState, Subscription } from './lasting-socket.ts'
export type { StatusHandlers } from './status.ts'
export { LogboomError, type ErrorCode } from '../contracts/errors.ts'
export { formatJson } from '../json/format-json.ts'
export { parseJson } from '../json/parse-json.ts'
export { RepeatedValues, valuesOfKey } from '../json/repeated-values.ts'
export { WrittenNumber } from '../json/written-number.ts'
export type { CallerView, TokenRequest, TokenView, UserRequest, UserView } from '../contracts/access.ts'
export type { Action, Grants, Role } from '../contracts/caller.ts'
export type {
  Context,
  ContextRequest,
  ExportFormat,
  Facet,
  Histogram,
  Ranking,
  Summary,
  TemplateCount,
} from '../contracts/request.ts'
export {
  severities,
  severityName,
  type Kind,
  type LogRecord,
  type NamedRecord,
  type SeverityName,
  type Stream,
} from '../contracts/record.ts'
export type { HostView } from '../contracts/hosts/host.ts'
export type { Job } from '../contracts/job.ts'
export type { Retention, RetentionReport } from '../contracts/retention.ts'
export type { ControlAction } from '../contracts/source.ts'
export type { RunExit, SourceState, SourceStatus } from '../contracts/source-status.ts'
export type { ClientsView, ClientView } from '../wire/client-view.ts'
export type {
  AuditLogMessage,
  CantinaEventData,
  CantinaEventMessage,
  DashboardLogMessage,
  DialectLevel,
  LogInitialEvent,
  LogLineEvent,
  LogStreamMessage,
  LogStreamRequest,
  LogUpdateEvent,
  MonitorMessage,
  SubscribeRequest,
  SystemLogMessage,
} from '../wire/dialect-messages.ts'
export type { FollowFrame, FollowRequest, GapReason, UnkeptRecord } from '../wire/follow-frame.ts'
export type {
  ControlRequest,
  ControlResult,
  ErrorBody,
  HubInfo,
  HubStatus,
  LevelChange,
  ScaleRequest,
  ServiceChange,
  ServiceView,
  SourceView,
  StoreView,
} from '../wire/hub-view.ts'
export type {
  JobLineMessage,
  JobLog,
  JobLogBody,
  JobRegistration,
  JobStatusMessage,
  StoredJobLine,
} from '../wire/job-messages.ts'
export type {
  ExportParameters,
  RangeParameters,
  RetainParameters,
  RetentionParameters,
  SearchAnswer,
  SearchParameters,
  SummaryParameters,
} from '../wire/route-types.ts'
export type { CountedRunView, RunList, RunListParameters, SessionList, SessionView } from '../wire/run-view.ts'
