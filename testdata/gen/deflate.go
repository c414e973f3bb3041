package main

// zlibPack compresses data for a FlateDecode filter. It is a plain LZ77 with one dynamic Huffman block, and its output never
// changes (RFC 1950 and 1951 describe the formats).

import (
	"encoding/binary"
	"hash/adler32"
	"sort"
)

const (
	window   = 32768
	maxMatch = 258
	minMatch = 4
	maxChain = 48
)

var (
	lengthBase = [29]int{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthBits = [29]int{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	distBase   = [30]int{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	distBits   = [30]int{0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13}
)

// token is a literal (length 0, dist holds the byte) or a match.
type token struct{ length, dist int }

func zlibPack(data []byte) []byte {
	w := &bitWriter{out: []byte{0x78, 0x9c}}
	tokens := lz77(data)
	var lit [286]int
	var dist [30]int
	lit[256] = 1
	for _, t := range tokens {
		if t.length == 0 {
			lit[t.dist]++
			continue
		}
		lit[257+slot(lengthBase[:], t.length)]++
		dist[slot(distBase[:], t.dist)]++
	}
	litLen, distLen := huffmanLengths(lit[:]), huffmanLengths(dist[:])
	litCode, distCode := canonical(litLen), canonical(distLen)
	w.bits(1, 1) // the last block
	w.bits(2, 2) // with its own codes
	w.bits(286-257, 5)
	w.bits(30-1, 5)
	w.bits(19-4, 4)
	// The lengths themselves are written with a flat code: 4 bits for each of 0 to 15, and no run lengths.
	for _, sym := range [19]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15} {
		if sym < 16 {
			w.bits(4, 3)
		} else {
			w.bits(0, 3)
		}
	}
	for _, n := range append(append([]int{}, litLen...), distLen...) {
		w.code(n, 4)
	}
	for _, t := range tokens {
		if t.length == 0 {
			w.code(litCode[t.dist], litLen[t.dist])
			continue
		}
		l, d := slot(lengthBase[:], t.length), slot(distBase[:], t.dist)
		w.code(litCode[257+l], litLen[257+l])
		w.bits(t.length-lengthBase[l], lengthBits[l])
		w.code(distCode[d], distLen[d])
		w.bits(t.dist-distBase[d], distBits[d])
	}
	w.code(litCode[256], litLen[256])
	w.flush()
	return binary.BigEndian.AppendUint32(w.out, adler32.Checksum(data))
}

// lz77 finds repetitions with hash chains, greedily.
func lz77(data []byte) []token {
	var tokens []token
	head := make(map[uint32]int)
	prev := make([]int, len(data))
	insert := func(i int) {
		if i+minMatch > len(data) {
			return
		}
		h := binary.LittleEndian.Uint32(data[i:])
		prev[i] = head[h] - 1 // positions are stored plus one, so that 0 is "none"
		head[h] = i + 1
	}
	for i := 0; i < len(data); {
		best, at := 0, 0
		if i+minMatch <= len(data) {
			j := head[binary.LittleEndian.Uint32(data[i:])] - 1
			for n := 0; j >= 0 && i-j <= window && n < maxChain; n++ {
				l := 0
				for l < maxMatch && i+l < len(data) && data[j+l] == data[i+l] {
					l++
				}
				if l > best {
					best, at = l, j
				}
				j = prev[j]
			}
		}
		if best < minMatch {
			tokens = append(tokens, token{0, int(data[i])})
			insert(i)
			i++
			continue
		}
		tokens = append(tokens, token{best, i - at})
		for end := i + best; i < end; i++ {
			insert(i)
		}
	}
	return tokens
}

// slot is the index of the last base that is not above v.
func slot(base []int, v int) int {
	return sort.Search(len(base), func(i int) bool { return base[i] > v }) - 1
}

// huffmanLengths gives code lengths of at most 15 bits; counts are halved until the tree is flat enough.
func huffmanLengths(count []int) []int {
	freq := append([]int{}, count...)
	used := 0
	for _, n := range freq {
		if n > 0 {
			used++
		}
	}
	for i := 0; used < 2; i++ { // a code needs two symbols
		if freq[i] == 0 {
			freq[i] = 1
			used++
		}
	}
	for {
		lengths, longest := tree(freq)
		if longest <= 15 {
			return lengths
		}
		for i, n := range freq {
			if n > 0 {
				freq[i] = n/2 + 1
			}
		}
	}
}

func tree(freq []int) (lengths []int, longest int) {
	type node struct {
		n       int
		symbols []int
	}
	var nodes []node
	for s, n := range freq {
		if n > 0 {
			nodes = append(nodes, node{n, []int{s}})
		}
	}
	lengths = make([]int, len(freq))
	for len(nodes) > 1 {
		sort.SliceStable(nodes, func(i, j int) bool { return nodes[i].n < nodes[j].n })
		joined := node{nodes[0].n + nodes[1].n, append(append([]int{}, nodes[0].symbols...), nodes[1].symbols...)}
		for _, s := range joined.symbols {
			lengths[s]++
			longest = max(longest, lengths[s])
		}
		nodes = append(nodes[2:], joined)
	}
	return lengths, longest
}

// canonical numbers the codes as RFC 1951 section 3.2.2 does.
func canonical(lengths []int) []int {
	codes := make([]int, len(lengths))
	code := 0
	for n := 1; n <= 15; n++ {
		for s, l := range lengths {
			if l == n {
				codes[s] = code
				code++
			}
		}
		code <<= 1
	}
	return codes
}

// bitWriter packs bits from the lowest upwards.
type bitWriter struct {
	out  []byte
	acc  uint64
	have int
}

func (w *bitWriter) bits(v, n int) {
	w.acc |= uint64(v) << w.have
	for w.have += n; w.have >= 8; w.have -= 8 {
		w.out = append(w.out, byte(w.acc))
		w.acc >>= 8
	}
}

// code writes a Huffman code, whose highest bit comes first.
func (w *bitWriter) code(v, n int) {
	for i := n - 1; i >= 0; i-- {
		w.bits(v>>i&1, 1)
	}
}

func (w *bitWriter) flush() {
	if w.have > 0 {
		w.bits(0, 8-w.have)
	}
}
