-- Looks up an answer. KEYS: the answer, the lock of its request.
-- ARGV: how the names of marks begin, the token of the caller, the time to live of a lock in milliseconds.
-- Returns 1, the age in microseconds, the sealed answer, and when its request was sent and what it is about; or 0 and the
-- time when no process asks for it: the caller does now; or 2 when another process does.
local function text(number) return string.format('%.0f', number) end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local found = redis.call('HMGET', KEYS[1], 'sent', 'code', 'key', 'customer', 'answer')
if found[1] then
  local sent, current = tonumber(found[1]), true
  for _, subject in ipairs({ found[2], found[3], found[4], 'all' }) do
    local mark = redis.call('GET', ARGV[1] .. 'm:' .. subject)
    if mark and tonumber(mark) >= sent then current = false end
  end
  if current then
    return { 1, text(math.max(now - sent, 0)), found[5], table.concat(found, ' ', 1, 4) }
  end
  redis.call('DEL', KEYS[1])
end
if redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3]) then return { 0, text(now), '', '' } end
return { 2, '0', '', '' }
