// Java: logback and log4j as they come and as Hadoop, HDFS, Spark, ZooKeeper, Elasticsearch, Spring Boot, and
// Quarkus and WildFly set them up.
import { shape, type Shape } from './line/shape.ts'

export const java: Shape[] = [
  // 2015-10-18 18:01:47,978 INFO [main] org.apache.hadoop.mapreduce.v2.app.MRAppMaster: message
  shape(
    'A',
    / +(?<level>[A-Z]{4,8}) +\[(?<thread>.{1,200}?)\] +(?<logger>[\w.$/-]{1,200})(?::(?<line>\d{1,7}))?(?: -{1,2}|:)(?: |$)/y,
  ),
  // 05:55:47.606 [main] INFO  com.example.Orders - message
  shape(
    '[',
    / \[(?<thread>.{1,200}?)\] (?<level>[A-Z]{4,8}) +(?<logger>[\w.$/-]{1,200})(?::(?<line>\d{1,7}))?(?: +-{1,2}|:)(?: |$)/y,
  ),
  // 2025-10-19T05:55:47.606+02:00  INFO 4157 --- [shop] [           main] c.e.Orders   : message
  shape(
    'A',
    / +(?<level>[A-Z]{4,5}) (?<pid>\d{1,10}) --- (?:\[(?<application>[^\]]{0,100})\] )?\[(?<thread>[^\]]{1,100})\] (?:\[(?:(?<traceId>[0-9a-f]{32})-(?<spanId>[0-9a-f]{16})| *)\] )?(?<logger>\S{1,100}) +:(?: |$)/y,
  ),
  // 17/06/09 20:10:40 INFO executor.CoarseGrainedExecutorBackend: message
  shape('A', /(?<=^\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d) (?<level>[A-Z]{4,5}) (?<logger>[A-Za-z_][\w.$]{0,200}): /y),
  // 081109 203615 148 INFO dfs.DataNode$PacketResponder: message
  shape('0', /(?<=^\d{6} \d{6}) (?<pid>\d{1,10}) (?<level>[A-Z]{4,5}) (?<logger>[\w.$]{1,200}): /y),
  // 2015-07-29 17:41:44,747 - INFO  [QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181:FastLeaderElection@774] - message
  shape('-', / - (?<level>[A-Z]{4,5}) +\[(?<thread>.{1,200}?)\] - /y),
  // [2025-10-19T05:55:47,606][INFO ][o.e.n.Node               ] [node-1] message
  shape(']', /\]\[(?<level>[A-Z]{4,5}) *\]\[(?<logger>[\w.$-]{1,200}) *\] /y),
  // 05:55:47,606 INFO  [com.example.Orders] (executor-1) message
  shape('A', / +(?<level>[A-Z]{4,5}) +\[(?<logger>[\w.$-]{1,200})\] \((?<thread>[^()]{1,200})\) /y),
  // 2025-10-19 05:55:47 INFO  Orders:12 - message
  shape('A', / +(?<level>[A-Z]{4,5}) +(?<logger>[A-Za-z_][\w$]{0,200}):(?<line>\d{1,7}) - /y),
  // 2025-10-19 05:55:47,606 INFO com.example.Orders - message: a name with dots needs no other sign.
  shape(
    'A',
    / +(?<level>[A-Z]{4,8}) +(?<logger>[A-Za-z_$][\w$-]{0,100}(?:\.[\w$-]{1,100}){1,20})(?::(?<line>\d{1,7}))?(?: +-{1,2}|:)(?: |$)/y,
  ),
]
