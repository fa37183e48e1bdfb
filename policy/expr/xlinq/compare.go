package xlinq

import (
	"slices"
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// DeepEquals is XNode.DeepEquals: same kinds, names, values, attributes in the
// same order, content. Texts that follow each other count as one.
func DeepEquals(a, b Node) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	type pair struct{ a, b Node }
	open := []pair{{a, b}}
	for len(open) > 0 {
		p := open[len(open)-1]
		open = open[:len(open)-1]
		if !sameNode(p.a, p.b) {
			return false
		}
		x, isContainer := p.a.(Container)
		if !isContainer {
			continue
		}
		y := p.b.(Container)
		i, j := First(x), First(y)
		for {
			textA, nextA := leadingText(i)
			textB, nextB := leadingText(j)
			if textA != textB || (nextA == nil) != (nextB == nil) {
				return false
			}
			if nextA == nil {
				break
			}
			open = append(open, pair{nextA, nextB})
			i, j = Next(nextA), Next(nextB)
		}
	}
	return true
}

// leadingText joins the texts from n on, and gives the node after them.
func leadingText(n Node) (string, Node) {
	var text strings.Builder
	for ; n != nil; n = Next(n) {
		t, ok := n.(*CharacterData)
		if !ok || t.cdata {
			break
		}
		text.WriteString(t.Value)
	}
	return text.String(), n
}

// sameNode compares two nodes without their content.
func sameNode(a, b Node) bool {
	if a.NodeType() != b.NodeType() {
		return false
	}
	switch a := a.(type) {
	case *Element:
		return a.name == b.(*Element).name && a.IsEmpty() == b.(*Element).IsEmpty() && sameAttributes(a, b.(*Element))
	case *CharacterData:
		return a.Value == b.(*CharacterData).Value
	case *Comment:
		return a.Value == b.(*Comment).Value
	case *Instruction:
		return a.target == b.(*Instruction).target && a.Data == b.(*Instruction).Data
	case *DocumentType:
		b := b.(*DocumentType)
		return a.Name == b.Name && a.PublicID == b.PublicID && a.SystemID == b.SystemID && a.InternalSubset == b.InternalSubset
	}
	return true
}

func sameAttributes(a, b *Element) bool {
	x, y := a.firstAttr, b.firstAttr
	for ; x != nil && y != nil; x, y = x.next, y.next {
		if x.name != y.name || x.value != y.value {
			return false
		}
	}
	return x == nil && y == nil
}

// CompareOrder is XNode.CompareDocumentOrder: -1 if a stands before b.
func CompareOrder(a, b Node) (int, error) {
	if a == b {
		return 0, nil
	}
	pathA, pathB := path(a), path(b)
	if pathA[0] != pathB[0] {
		return 0, dotnet.InvalidOperation("A common ancestor is missing.")
	}
	for i := 1; ; i++ {
		switch {
		case i == len(pathA):
			return -1, nil
		case i == len(pathB):
			return 1, nil
		case pathA[i] == pathB[i]:
			continue
		}
		for n := Next(pathA[i]); n != nil; n = Next(n) {
			if n == pathB[i] {
				return -1, nil
			}
		}
		return 1, nil
	}
}

// path are the nodes from the root to n.
func path(n Node) []Node {
	var up []Node
	for n != nil {
		up = append(up, n)
		parent := n.base().parent
		if parent == nil {
			break
		}
		n = parent
	}
	slices.Reverse(up)
	return up
}
