/**
 * Takes one batch, whole or not at all. KEYS: the prefix. ARGV: the batch id, the seconds for which ids are
 * remembered, the size of a sample, as JSON the batch by windows, about how many events are kept, and the events, each
 * as JSON. Answers 0 when the id was there before.
 *
 * A sample is what `UserSample` is: the users with the smallest hashes (a sorted set), and what they met (a hash). How
 * many of them met what is kept beside it (a hash), so that nobody has to read the sample to know.
 */
export const TAKE = `
local prefix, id, expiry, size = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
if not redis.call('SET', prefix .. 'id:' .. id, '1', 'NX', 'EX', expiry) then return 0 end
for _, window in ipairs(cjson.decode(ARGV[4])) do
  local name = prefix .. 'window:' .. window.key
  redis.call('SADD', prefix .. 'windows:' .. window.group, window.key)
  redis.call('SETNX', name, window.data)
  for _, entry in ipairs(window.hours) do redis.call('HINCRBY', name .. ':hours', entry[1], entry[2]) end
  for _, entry in ipairs(window.others) do redis.call('HINCRBY', name .. ':others', entry[1], entry[2]) end
  local users, met, only, least = name .. ':users', name .. ':met', name .. ':only', name .. ':limit'
  local limit = tonumber(redis.call('GET', least) or 'inf')
  for _, entry in ipairs(window.users) do
    local hash, variant = entry[1], entry[2]
    if tonumber(hash) < limit then
      local before = redis.call('HGET', met, hash)
      if not before then
        redis.call('ZADD', users, hash, hash)
        redis.call('HSET', met, hash, variant)
        redis.call('HINCRBY', only, variant, 1)
      elseif before ~= variant and before ~= '*' then
        redis.call('HSET', met, hash, '*')
        redis.call('HINCRBY', only, before, -1)
        redis.call('HINCRBY', only, '*', 1)
      end
    end
  end
  if redis.call('ZCARD', users) >= 2 * size then
    local gone = redis.call('ZRANGE', users, size, -1)
    redis.call('SET', least, gone[1])
    redis.call('ZREMRANGEBYRANK', users, size, -1)
    for at = 1, #gone, 1000 do
      local last = math.min(at + 999, #gone)
      for _, variant in ipairs(redis.call('HMGET', met, unpack(gone, at, last))) do
        redis.call('HINCRBY', only, variant, -1)
      end
      redis.call('HDEL', met, unpack(gone, at, last))
    end
  end
end
for at = 6, #ARGV do redis.call('XADD', prefix .. 'events', 'MAXLEN', '~', ARGV[5], '*', 'event', ARGV[at]) end
return 1
`;
