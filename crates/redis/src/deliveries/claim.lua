-- Claims a delivery. KEYS: the delivery. ARGV: now, lease, window, in milliseconds.
-- The value is `c` (claimed) or `d` (done) and the time. Returns 0 when it is claimed now, 1 when another caller is
-- applying it, 2 when it was applied.
local now, lease, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local value = redis.call('GET', KEYS[1])
if value then
  local at = tonumber(string.sub(value, 2))
  if at > now - window then
    if string.sub(value, 1, 1) == 'd' then return 2 end
    if at > now - lease then return 1 end
  end
end
redis.call('SET', KEYS[1], 'c' .. ARGV[1], 'PX', ARGV[3])
return 0
