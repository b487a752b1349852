/**
 * Takes one batch, whole or not at all. KEYS: the prefix. ARGV: the batch id, the seconds for which ids are
 * remembered, the size of a sample, and as JSON the batch by windows. Answers 0 when the id was there before.
 *
 * A sample is what `UserSample` is: the users with the smallest hashes (a sorted set), and what they met (a hash).
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
  local users, met, least = name .. ':users', name .. ':met', name .. ':limit'
  local limit = tonumber(redis.call('GET', least) or 'inf')
  for _, entry in ipairs(window.users) do
    local hash, variant = entry[1], entry[2]
    if tonumber(hash) < limit then
      local before = redis.call('HGET', met, hash)
      if not before then
        redis.call('ZADD', users, hash, hash)
        redis.call('HSET', met, hash, variant)
      elseif before ~= variant then
        redis.call('HSET', met, hash, '*')
      end
    end
  end
  if redis.call('ZCARD', users) >= 2 * size then
    local gone = redis.call('ZRANGE', users, size, -1)
    redis.call('SET', least, gone[1])
    redis.call('ZREMRANGEBYRANK', users, size, -1)
    for at = 1, #gone, 1000 do redis.call('HDEL', met, unpack(gone, at, math.min(at + 999, #gone))) end
  end
end
return 1
`;
