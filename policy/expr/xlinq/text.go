package xlinq

import (
	"strings"

	"github.com/apimulator/apimulator/policy/expr/dotnet"
)

// CharacterData is an XText, or an XCData if it is marked so.
type CharacterData struct {
	node
	Value string
	cdata bool
}

// NewText is an XText.
func NewText(value string) *CharacterData { return &CharacterData{Value: value} }

// NewCData is an XCData.
func NewCData(value string) *CharacterData { return &CharacterData{Value: value, cdata: true} }

// TypeName is part of Object.
func (t *CharacterData) TypeName() string {
	if t.cdata {
		return "System.Xml.Linq.XCData"
	}
	return "System.Xml.Linq.XText"
}

// NodeType is part of Object.
func (t *CharacterData) NodeType() NodeType {
	if t.cdata {
		return CDATANode
	}
	return TextNode
}

func (t *CharacterData) shallow() Node { return &CharacterData{Value: t.Value, cdata: t.cdata} }

// Comment is an XComment.
type Comment struct {
	node
	Value string
}

// NewComment is a comment.
func NewComment(value string) *Comment { return &Comment{Value: value} }

// TypeName is part of Object.
func (*Comment) TypeName() string { return "System.Xml.Linq.XComment" }

// NodeType is part of Object.
func (*Comment) NodeType() NodeType { return CommentNode }

func (c *Comment) shallow() Node { return NewComment(c.Value) }

// Instruction is an XProcessingInstruction.
type Instruction struct {
	node
	target string
	Data   string
}

// NewInstruction is a processing instruction; its target must be a name other
// than xml.
func NewInstruction(target, data string) (*Instruction, error) {
	p := &Instruction{Data: data}
	return p, p.SetTarget(target)
}

// Target is the name before the data.
func (p *Instruction) Target() string { return p.target }

// SetTarget changes the target.
func (p *Instruction) SetTarget(target string) error {
	if err := checkNCName(target); err != nil {
		return err
	}
	if dotnet.ToLower(target) == "xml" {
		return dotnet.Argument("'"+target+"' is an invalid name for a processing instruction.", "")
	}
	p.target = target
	return nil
}

// TypeName is part of Object.
func (*Instruction) TypeName() string { return "System.Xml.Linq.XProcessingInstruction" }

// NodeType is part of Object.
func (*Instruction) NodeType() NodeType { return InstructionNode }

func (p *Instruction) shallow() Node { return &Instruction{target: p.target, Data: p.Data} }

// DocumentType is an XDocumentType. PublicID and SystemID are strings or nil.
type DocumentType struct {
	node
	Name               string
	PublicID, SystemID any
	InternalSubset     any
}

// TypeName is part of Object.
func (*DocumentType) TypeName() string { return "System.Xml.Linq.XDocumentType" }

// NodeType is part of Object.
func (*DocumentType) NodeType() NodeType { return DocumentTypeNode }

func (d *DocumentType) shallow() Node {
	return &DocumentType{Name: d.Name, PublicID: d.PublicID, SystemID: d.SystemID, InternalSubset: d.InternalSubset}
}

// NewDocumentType is a document type: publicID, systemID and internalSubset are
// strings or nil.
func NewDocumentType(name string, publicID, systemID, internalSubset any) (*DocumentType, error) {
	for part := range strings.SplitSeq(name, ":") {
		if err := checkNCName(part); err != nil {
			return nil, err
		}
	}
	return &DocumentType{Name: name, PublicID: publicID, SystemID: systemID, InternalSubset: internalSubset}, nil
}
