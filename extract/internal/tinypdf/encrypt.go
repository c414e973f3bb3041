package tinypdf

import (
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"fmt"
	"strings"
)

// padding fills passwords up (ISO 32000-1, 7.6.3.3).
const padding = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// Encrypted is a document of one page that shows text and opens with a user
// password, by the oldest method: 40 bits of RC4.
func Encrypted(user, text string) []byte {
	const permissions = 0xfffffffc
	const id = "0123456789abcdef"
	pad := func(s string) []byte { return []byte((s + padding)[:32]) }
	md := md5.Sum(pad("owner"))
	owner := crypt(md[:5], pad(user))
	h := md5.New()
	h.Write(pad(user))
	h.Write(owner)
	h.Write(binary.LittleEndian.AppendUint32(nil, permissions))
	h.Write([]byte(id))
	key := h.Sum(nil)[:5]
	stream := func(number int, data string) string {
		k := md5.Sum(append(append([]byte{}, key...), byte(number), byte(number>>8), byte(number>>16), 0, 0))
		return string(crypt(k[:10], []byte(data)))
	}
	return Build(
		fmt.Sprintf("/ID[<%x><%x>]/Encrypt 6 0 R", id, id),
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Count 1/Kids[3 0 R]>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
		Stream("", stream(4, Text(text))),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
		strings.TrimSpace(fmt.Sprintf("<</Filter/Standard/V 1/R 2/O<%x>/U<%x>/P %d>>", owner, crypt(key, []byte(padding)), int32(-4))))
}

func crypt(key, data []byte) []byte {
	c, err := rc4.NewCipher(key)
	if err != nil {
		panic(err) // the keys above are 5 or 10 bytes
	}
	out := make([]byte, len(data))
	c.XORKeyStream(out, data)
	return out
}
