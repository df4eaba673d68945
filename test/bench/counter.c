/* The yardstick: packets and bytes each way of every TCP and UDP conversation, with libpcap and an
 * open-addressing hash table, and nothing else. */
#include <pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct conversation {
  uint32_t low, high, ports;
  uint32_t protocol;
  uint64_t packets[2], bytes[2];
};

static struct conversation *table;
static size_t capacity = 1 << 16, used;

static size_t slot_of(const struct conversation *key) {
  uint64_t hash = ((uint64_t)key->low << 32 | key->high) * 0x9e3779b97f4a7c15ull;
  hash ^= ((uint64_t)key->ports << 8 | key->protocol) * 0xc2b2ae3d27d4eb4full;
  hash ^= hash >> 29;
  size_t slot = hash & (capacity - 1);
  while (table[slot].protocol &&
         (table[slot].low != key->low || table[slot].high != key->high ||
          table[slot].ports != key->ports || table[slot].protocol != key->protocol))
    slot = (slot + 1) & (capacity - 1);
  return slot;
}

static void grow(void) {
  struct conversation *old = table;
  size_t count = capacity;
  capacity *= 2;
  table = calloc(capacity, sizeof *table);
  for (size_t at = 0; at < count; at++)
    if (old[at].protocol) table[slot_of(&old[at])] = old[at];
  free(old);
}

static void count(u_char *user, const struct pcap_pkthdr *header, const u_char *frame) {
  (void)user;
  if (header->caplen < 14 + 20 || frame[12] != 8 || frame[13] != 0) return;
  const u_char *ip = frame + 14;
  size_t length = (ip[0] & 15) * 4;
  if ((ip[9] != 6 && ip[9] != 17) || header->caplen < 14 + length + 4) return;
  uint32_t source, destination;
  memcpy(&source, ip + 12, 4);
  memcpy(&destination, ip + 16, 4);
  uint16_t ports[2];
  memcpy(ports, ip + length, 4);
  int down = source > destination || (source == destination && ports[0] > ports[1]);
  struct conversation key = {
      .low = down ? destination : source,
      .high = down ? source : destination,
      .ports = down ? (uint32_t)ports[1] << 16 | ports[0] : (uint32_t)ports[0] << 16 | ports[1],
      .protocol = ip[9]};
  size_t slot = slot_of(&key);
  if (!table[slot].protocol) {
    if (++used * 2 > capacity) {
      grow();
      slot = slot_of(&key);
    }
    table[slot] = key;
  }
  table[slot].packets[down]++;
  table[slot].bytes[down] += header->len;
}

int main(int arguments, char **argument) {
  char error[PCAP_ERRBUF_SIZE];
  pcap_t *pcap = arguments > 1 ? pcap_open_offline(argument[1], error) : NULL;
  if (!pcap) return fprintf(stderr, "counter FILE\n"), 2;
  table = calloc(capacity, sizeof *table);
  pcap_loop(pcap, -1, count, NULL);
  for (size_t at = 0; at < capacity; at++) {
    struct conversation *c = &table[at];
    if (c->protocol)
      printf("%u %08x %08x %08x %lu %lu %lu %lu\n", c->protocol, c->low, c->high, c->ports,
             c->packets[0], c->bytes[0], c->packets[1], c->bytes[1]);
  }
  return 0;
}
