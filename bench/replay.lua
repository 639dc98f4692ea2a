-- For wrk: sends the requests of a file, each once or round and round, and prints what came back as JSON.
-- Arguments: the file (for each request its length in a line, then its bytes), "once" or "cycle", and the pause of each
-- connection between two requests in milliseconds, on average.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } bench_time;
  int clock_gettime(int clock, bench_time *now);
  int getpid(void);
  int kill(int process, int number);
  int usleep(unsigned microseconds);
]]
local MONOTONIC, INTERRUPT, FOREVER = 1, 2, 3600 * 1000
local waiting = {}

local function now()
  local time = ffi.new("bench_time")
  ffi.C.clock_gettime(MONOTONIC, time)
  return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

-- wrk itself would wait until its time is over. One that is told so before it waits would wait all the same: a few
-- requests are answered sooner than it begins to.
local function stop_waiting()
  for _ = 1, 10 do
    ffi.C.usleep(50000)
    ffi.C.kill(ffi.C.getpid(), INTERRUPT)
  end
end

function setup(thread)
  table.insert(waiting, thread)
end

function init(args)
  requests, nth, dealt, answered, statuses = {}, 0, 0, 0, {}
  local file = assert(io.open(args[1], "rb"))
  for length in function() return file:read("*l") end do
    table.insert(requests, file:read(tonumber(length)))
  end
  file:close()
  local pause = tonumber(args[3])
  if args[2] == "once" then
    delay = function()
      dealt = dealt + 1
      return dealt > #requests and FOREVER or pause
    end
    response = function(status)
      answered, ended = answered + 1, now()
      statuses[status] = (statuses[status] or 0) + 1
      if answered == #requests then stop_waiting() end
    end
  elseif pause > 0 then
    -- Not all at one moment.
    delay = function() return math.random(0, 2 * pause) end
  end
end

function request()
  -- wrk asks for the first one twice: before it starts it looks how many there are in it.
  nth = nth + 1
  began = began or (nth == 2 and now()) or nil
  return requests[math.max(nth - 2, 0) % #requests + 1]
end

function done(summary, latency)
  local thread, counted = waiting[1], {}
  for status, count in pairs(thread:get("statuses")) do
    table.insert(counted, string.format('"%d": %d', status, count))
  end
  local errors = summary.errors
  local began, ended = thread:get("began"), thread:get("ended")
  print(string.format(
    'REPLY {"answered": %d, "seconds": %.6f, "refused": %d, "broken": %d, "statuses": {%s}, "p50": %.3f, "p95": %.3f, "p99": %.3f}',
    summary.requests, ended and ended - began or summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, table.concat(counted, ", "),
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
