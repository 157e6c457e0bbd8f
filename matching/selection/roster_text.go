package selection

import "encoding/binary"

// texts keeps short pieces of bytes one behind the other. A piece that is
// replaced by a longer one is waste until all are written anew.
type texts struct {
	blocks [][]byte
	size   int // of all pieces
	waste  int // of those that were replaced
}

// textBlock is how many bytes a block has; a longer piece has its own.
const textBlock = 1 << 16

// mostWaste is how many wasted bytes are left lying in any case.
const mostWaste = 1 << 20

// piece says where bytes stand: the block, and where in it they begin.
type piece uint32

// get is the bytes that were put.
func (t *texts) get(at piece) []byte {
	b := t.blocks[at/textBlock][at%textBlock:]
	n, head := binary.Uvarint(b)
	return b[head : head+int(n)]
}

// put keeps bytes.
func (t *texts) put(b []byte) piece {
	need := binary.MaxVarintLen32 + len(b)
	last := len(t.blocks) - 1
	if last < 0 || len(t.blocks[last])+need > cap(t.blocks[last]) {
		t.blocks = append(t.blocks, make([]byte, 0, max(textBlock, need)))
		last++
	}
	block := t.blocks[last]
	at := piece(last*textBlock + len(block))
	block = binary.AppendUvarint(block, uint64(len(b)))
	t.blocks[last] = append(block, b...)
	t.size += len(b)
	return at
}

// replace keeps other bytes instead, in the same place where they fit.
func (t *texts) replace(at piece, b []byte) piece {
	was := t.get(at)
	if len(b) == len(was) {
		copy(was, b)
		return at
	}
	t.waste += len(was)
	return t.put(b)
}

// untidy says whether more than half is waste.
func (t *texts) untidy() bool { return t.waste > mostWaste && 2*t.waste > t.size }
